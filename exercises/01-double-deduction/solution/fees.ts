import express, { type Express } from 'express';
import type { Bank } from '#exercises';

/** Takes a fee for an order: POST /accounts/alice/fees/order-1 {"amount": 10}. */
export function createFeeService(bank: Bank): Express {
  const app = express().use(express.json());
  const answers = new Map<string, { balance: number }>();

  app.post('/accounts/:account/fees/:orderId', async (request, response) => {
    const { account, orderId } = request.params;
    const known = answers.get(orderId);
    if (known) return response.json(known);
    const { balance } = await bank.post(account, -request.body.amount);
    answers.set(orderId, { balance });
    return response.json({ balance });
  });

  return app;
}
