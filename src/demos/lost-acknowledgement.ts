import type { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { v7 as uuid } from 'uuid';
import type { Config } from '#config';
import { runWorker } from '#server';
import {
  createFees,
  createMemoryAccountStore,
  type Fee,
  naiveFeeWorkerOptions,
} from '#systems/fees';
import { history } from '#temporal';
import { createRecorder, type Evidence, failAfterEffect, recordAttempts } from '#testkit';

const FEE_CENTS = 10_00;

/**
 * Where the proof ends: the same workflow, asked for once, whose activity takes the fee and fails before it
 * can report. One run, one scheduled activity, two attempts, and two effects in the ledger.
 */
export async function loseAcknowledgement({
  config,
  temporal: { client, nativeConnection },
}: {
  readonly config: Config;
  readonly temporal: { readonly client: Client; readonly nativeConnection: NativeConnection };
}): Promise<Evidence> {
  const recorder = createRecorder('One run is not one effect: an activity executes at least once.');
  const fee: Fee = { orderId: uuid(), accountId: 'alice', amountCents: FEE_CENTS };
  const accounts = createMemoryAccountStore({
    balancesCents: { alice: 100_00 },
    beforeDeducting: async () => {},
  });
  const taskQueue = `${config.feeTaskQueue}-lost-acknowledgement`;
  const { activities, ...options } = naiveFeeWorkerOptions({ accounts, taskQueue });
  await using _worker = await runWorker({
    connection: nativeConnection,
    namespace: client.options.namespace,
    ...options,
    activities: { deductFee: failAfterEffect(1, activities.deductFee) },
    interceptors: recordAttempts(recorder, 'worker 1'),
  });

  recorder.before({ accounts: await accounts.accounts() });
  const run = await createFees({ client, taskQueue, accounts }).start(fee);
  await recorder.request('client 1', async () => ({ ...run, answer: await run.result() }));
  recorder.after({ accounts: await accounts.accounts() });
  recorder.effects(await accounts.effects());

  const events = await history(client, run.workflowId, run.runId);
  const scheduled = events.filter((event) => event === 'ActivityTaskScheduled').length;
  recorder.verdict(limitOf(recorder.evidence(), scheduled));
  return recorder.evidence();
}

function limitOf({ attempts, effects }: Evidence, scheduled: number) {
  const runs = new Set(attempts.map(({ runId }) => runId)).size;
  return {
    holds: effects.length === 2,
    says: `${runs} run, ${scheduled} scheduled activity, ${attempts.length} attempts: the ledger has ${effects.length} effects`,
    details: attempts.map(({ attempt, how }) => `attempt ${attempt} took the fee and ${how}`),
    problems: effects.length === 2 ? [] : ['the planted failure left no second effect'],
  };
}
