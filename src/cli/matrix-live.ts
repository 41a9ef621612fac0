import { randomUUID } from 'node:crypto';
import { executePolicies, type PolicyCell, type PolicyQuestion, runPolicyWorker } from '#atlas';
import { loadConfig } from '#config';
import { progressOn } from '#report';
import { type Connections, connect, namesServer } from '#temporal/connect';
import { withDevServer } from './with-server.ts';

type Server = Pick<Connections, 'client' | 'nativeConnection'>;

/**
 * Puts the questions to the server that the environment names, or to a dev server that ends with it.
 *
 * @throws what `connect` throws
 * @throws what finding the CLI throws
 */
export async function askServer(
  questions: readonly PolicyQuestion[],
): Promise<readonly PolicyCell[]> {
  if (namesServer()) {
    await using server = await connect(process.env);
    return await ask(server, questions);
  }
  const progress = progressOn(process.stderr);
  const open = async () => ({ async [Symbol.asyncDispose]() {} });
  const options = { config: loadConfig(), progress, open };
  return await withDevServer(options, (server) => ask(server, questions)).finally(() =>
    progress.end(),
  );
}

async function ask(
  { client, nativeConnection }: Server,
  questions: readonly PolicyQuestion[],
): Promise<readonly PolicyCell[]> {
  const ground = { client, taskQueue: `policies-${randomUUID()}` };
  await using _worker = await runPolicyWorker({ ...ground, nativeConnection });
  return await executePolicies(ground, questions);
}
