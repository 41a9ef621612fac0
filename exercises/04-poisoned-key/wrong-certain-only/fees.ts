import express, { type Express } from 'express';
import { AnswerLostError, type Bank, DeclinedError, type Entry } from '#exercises';

/** Takes a fee for an order: POST /accounts/alice/fees/order-1 {"amount": 10}. */
export function createFeeService(bank: Bank): Express {
  const app = express().use(express.json());
  const entries = new Map<string, Promise<Entry>>();

  app.post('/accounts/:account/fees/:orderId', async (request, response) => {
    const { account, orderId } = request.params;
    try {
      let entry = entries.get(orderId);
      if (!entry) {
        entry = bank.post(account, -request.body.amount);
        entries.set(orderId, entry);
      }
      response.json({ balance: (await entry).balance });
    } catch (error) {
      if (!(error instanceof AnswerLostError)) entries.delete(orderId);
      const { name } = error as Error;
      response.status(error instanceof DeclinedError ? 402 : 503).json({ error: name });
    }
  });

  return app;
}
