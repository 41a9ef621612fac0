import express, { type Express } from 'express';
import type { Bank } from '#exercises';

/** Takes a fee for an order: POST /accounts/alice/fees/order-1 {"amount": 10}. */
export function createFeeService(bank: Bank): Express {
  const app = express().use(express.json());
  const taken = new Set<string>();

  app.post('/accounts/:account/fees/:orderId', async (request, response) => {
    const { account, orderId } = request.params;
    if (taken.has(orderId)) return response.status(409).json({ error: 'duplicate' });
    taken.add(orderId);
    const { balance } = await bank.post(account, -request.body.amount);
    return response.json({ balance });
  });

  return app;
}
