/**
 * The lost answer, in three lines: `node exercises/aha.mjs`. No packages, no Temporal, under a second.
 *
 * A server takes a fee of 10 from an account of 100, and its first answer is lost. The client cannot know
 * whether the fee was taken, so it does the only thing that it can: it asks again.
 */
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

/** @returns {Promise<string[]>} the three lines, made from what the two servers have left */
export async function aha() {
  const withoutKey = await balanceAfterLostAnswer({ rememberAnswers: false });
  const withKey = await balanceAfterLostAnswer({ rememberAnswers: true });
  return [
    'An account of 100, a fee of 10, a lost answer, and a client that asks again:',
    `  without a key  ${withoutKey} left   the fee was taken ${(100 - withoutKey) / 10} times`,
    `  with a key     ${withKey} left   the second request got the first one's answer`,
  ];
}

async function balanceAfterLostAnswer({ rememberAnswers }) {
  const answers = new Map();
  let balance = 100;
  let requests = 0;

  const server = createServer((request, response) => {
    const key = request.headers['idempotency-key'];
    requests += 1;

    let answer = rememberAnswers ? answers.get(key) : undefined;
    if (answer === undefined) {
      balance -= 10;
      answer = String(balance);
      answers.set(key, answer);
    }

    if (requests === 1) request.socket.destroy();
    else response.end(answer);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

  const url = `http://127.0.0.1:${server.address().port}/fee`;
  const ask = () => fetch(url, { method: 'POST', headers: { 'Idempotency-Key': 'order-1' } });
  await ask().catch(ask);

  server.closeAllConnections();
  server.close();
  return balance;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const line of await aha()) console.log(line);
}
