import type { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { v7 as uuid } from 'uuid';
import type { Config } from '#config';
import { runWorker } from '#server';
import {
  createFees,
  createMemoryAccountStore,
  type Fee,
  feeWorkerOptions,
  naiveFeeWorkerOptions,
} from '#systems/fees';
import { history } from '#temporal';
import {
  crashAfterEffect,
  createRecorder,
  type Evidence,
  joinInterceptors,
  plantFaults,
  recordAttempts,
  type Verdict,
} from '#testkit';

/** The same loss twice: the control, and the remedy. */
export interface LostAcknowledgement {
  readonly withoutKey: Evidence;
  readonly withKey: Evidence;
}

interface LossOptions {
  readonly config: Config;
  readonly temporal: { readonly client: Client; readonly nativeConnection: NativeConnection };
}

/**
 * What a workflow ID alone does not guard: a fee is asked for once, its activity takes it and fails before it
 * can report. One run, one scheduled activity, two attempts; two effects without a key, one with it.
 */
export async function loseAcknowledgement(options: LossOptions): Promise<LostAcknowledgement> {
  return {
    withoutKey: await lose(options, {
      claim: 'without a key',
      workerOptions: naiveFeeWorkerOptions,
      effects: 2,
    }),
    withKey: await lose(options, {
      claim: 'with a key',
      workerOptions: feeWorkerOptions,
      effects: 1,
    }),
  };
}

interface Side {
  readonly claim: string;
  readonly workerOptions: typeof feeWorkerOptions | typeof naiveFeeWorkerOptions;
  readonly effects: number;
}

async function lose(
  { config, temporal: { client, nativeConnection } }: LossOptions,
  { claim, workerOptions, effects }: Side,
): Promise<Evidence> {
  const recorder = createRecorder(claim);
  const fee: Fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
  const accounts = createMemoryAccountStore({
    balancesCents: { alice: 100_00 },
    beforeDeducting: async () => {},
  });
  const taskQueue = `${config.feeTaskQueue}-${claim.replaceAll(' ', '-')}`;
  await using _worker = await runWorker({
    connection: nativeConnection,
    namespace: client.options.namespace,
    ...workerOptions({ accounts, taskQueue }),
    interceptors: joinInterceptors(
      recordAttempts(recorder, 'worker 1'),
      plantFaults([crashAfterEffect()]),
    ),
  });

  recorder.before({ accounts: await accounts.accounts() });
  const run = await createFees({ client, taskQueue, accounts }).start(fee);
  await recorder.request('client 1', async () => ({ ...run, answer: await run.result() }));
  recorder.after({ accounts: await accounts.accounts() });
  recorder.effects(await accounts.effects());

  const events = await history(client, run.workflowId, run.runId);
  const scheduled = events.filter((event) => event === 'ActivityTaskScheduled').length;
  recorder.verdict(verdictOf(recorder.evidence(), scheduled, effects));
  return recorder.evidence();
}

function verdictOf({ attempts, effects }: Evidence, scheduled: number, expected: number): Verdict {
  const runs = new Set(attempts.map(({ runId }) => runId)).size;
  const found = `${effects.length} effect${effects.length === 1 ? '' : 's'}`;
  const holds = effects.length === expected;
  return {
    holds,
    says: `${runs} run, ${scheduled} scheduled activity, ${attempts.length} attempts: ${found}`,
    details: attempts.map(({ attempt, how }) => `attempt ${attempt} ${how}`),
    problems: holds ? [] : [`${found} instead of ${expected}`],
  };
}
