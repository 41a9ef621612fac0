import express, { type Express } from 'express';
import type { Bank } from '#exercises';

/** Takes a fee for an order: POST /accounts/alice/fees/order-1 {"amount": 10}. */
export function createFeeService(bank: Bank): Express {
  const app = express().use(express.json());

  app.post('/accounts/:account/fees/:orderId', async (request, response) => {
    const { account } = request.params;
    // TODO(remember the order): the same order comes again when its answer was lost.
    const { balance } = await bank.post(account, -request.body.amount);
    return response.json({ balance });
  });

  return app;
}
