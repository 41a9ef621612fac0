import express, { type Express } from 'express';
import type { Bank, Entry } from '#exercises';

/** Takes a fee: POST /accounts/alice/fees {"amount": 10}, with an Idempotency-Key. */
export function createFeeService(bank: Bank): Express {
  const app = express().use(express.json());
  const answers = new Map<string, { asked: string; entry: Promise<Entry> }>();

  app.post('/accounts/:account/fees', async (request, response) => {
    const { account } = request.params;
    const key = request.get('Idempotency-Key');
    if (!key) return response.status(400).json({ error: 'No Idempotency-Key' });
    const asked = JSON.stringify([account, request.body]);

    const name = key;
    let answer = answers.get(name);
    if (answer && answer.asked !== asked) return response.status(422).json({ error: 'Key used' });
    if (!answer) {
      answer = { asked, entry: bank.post(account, -request.body.amount) };
      answers.set(name, answer);
    }
    return response.json({ balance: (await answer.entry).balance });
  });

  return app;
}
