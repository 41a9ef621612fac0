import { Client, Connection } from '@temporalio/client';
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { fingerprint } from '#idempotency';
import {
  createMemoryAccountStore,
  type FeeDeductionInput,
  type FeeDeductionWorkflow,
  feeWorkerOptions,
} from '#systems/fees';
import { requireSearchAttributes, startOrJoin, TemporalUnavailableError } from '#temporal';
import { ConnectionRefusedError, connect } from '#temporal/connect';
import type { Temporal } from '#testkit';
import { it } from '#testkit/vitest';

const SECRET = 'a-secret-of-32-characters-or-more';

describe('startOrJoin', () => {
  it('names three outcomes: started, joined while the run is open, replayed once it has closed', async ({
    temporal,
  }) => {
    const ask = asking(temporal);

    const first = await ask();
    const second = await ask();
    await using _worker = await feeWorker(temporal);
    const answer = await first.result();
    const third = await ask();

    expect([first, second, third].map(({ outcome }) => outcome)).toEqual([
      'started',
      'joined',
      'replayed',
    ]);
    expect([first, second, third]).toShareOneRunId();
    expect(await second.result()).toEqual(answer);
    expect(await third.result()).toEqual(answer);
  });

  it('takes the same values in another order for the same intent', async ({ temporal }) => {
    const ask = asking(temporal);
    const { account_id, order_id, amount } = ask.input;

    await ask();
    const again = await ask({ args: [{ amount, order_id, account_id }] });

    expect(again.outcome).toBe('joined');
  });

  it('starts a failed run again on purpose only, and joins while that one is open', async ({
    temporal,
  }) => {
    const ask = asking(temporal, { account_id: 'nobody' });
    const failed = await ask();
    {
      await using _worker = await feeWorker(temporal);
      await expect(failed.result()).rejects.toThrow('Workflow execution failed');
    }

    const byReflex = await ask();
    const onPurpose = await ask({ retryFailed: true });
    const meanwhile = await ask({ retryFailed: true });

    expect(byReflex.outcome, 'asked again').toBe('replayed');
    expect(byReflex.runId, 'asked again').toBe(failed.runId);
    expect(onPurpose.outcome, 'tried again').toBe('started');
    expect(meanwhile.outcome, 'tried again meanwhile').toBe('joined');
    expect([onPurpose, meanwhile]).toShareOneRunId();
  });

  it('refuses to start a failed run again for something else, and leaves its ID as it was', async ({
    temporal,
  }) => {
    const ask = asking(temporal, { account_id: 'nobody' });
    const failed = await ask();
    await temporal.client.workflow.getHandle(ask.workflowId).terminate();

    const other = ask({ retryFailed: true, args: [{ ...ask.input, amount: 99 }] });
    await expect(other).rejects.toMatchObject({ name: 'IntentMismatchError', mismatch: 'input' });
    const byReflex = await ask();

    expect({ ...byReflex, result: undefined }).toMatchObject({
      outcome: 'replayed',
      runId: failed.runId,
    });
  });

  it('keeps an HMAC in the memo where it has a secret, and no plain digest', async ({
    temporal,
  }) => {
    const plain = asking(temporal);
    const secret = asking(temporal, plain.input);
    const fingerprintOf = async (workflowId: string) =>
      (await temporal.client.workflow.getHandle(workflowId).describe()).memo?.[
        'idempotency_fingerprint'
      ];

    await plain();
    await secret({ fingerprintKey: SECRET });

    expect(await fingerprintOf(plain.workflowId)).toBe(fingerprint([plain.input]));
    expect(await fingerprintOf(secret.workflowId)).toBe(fingerprint([plain.input], SECRET));
    expect(await fingerprintOf(secret.workflowId)).not.toBe(fingerprint([plain.input]));
    const joined = await secret({ fingerprintKey: SECRET });
    expect(joined.outcome, 'the same secret').toBe('joined');
    await expect(secret(), 'no secret').rejects.toMatchObject({
      name: 'IntentMismatchError',
      mismatch: 'input',
    });
  });

  it('says that the server is away, within the time it was given', async ({ temporal }) => {
    const connection = Connection.lazy({ address: '127.0.0.1:1' });
    const ask = asking({ ...temporal, client: new Client({ connection }) });

    await expect(ask({ startWithinMs: 300 })).rejects.toThrow(TemporalUnavailableError);
    await connection.close();
  });
});

describe('a connection to an existing server', () => {
  it('is made as the environment says', async ({ temporal }) => {
    await using connections = await connect({
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: 'default',
    });

    expect(connections.address).toBe(temporal.address);
    await expect(connections.client.workflowService.getSystemInfo({})).resolves.toBeDefined();
  });

  it('that nobody answers is refused in one line with the address', async () => {
    const refusal = connect({ TEMPORAL_ADDRESS: '127.0.0.1:1' }, { withinMs: 500 });

    await expect(refusal).rejects.toThrow(ConnectionRefusedError);
    await expect(refusal).rejects.toThrow(/^No Temporal server answers at 127\.0\.0\.1:1: .+$/);
  });

  it('to a server without our search attributes is refused with the command that adds them', async ({
    temporal,
  }) => {
    const missing = requireSearchAttributes(temporal.client, [
      { name: 'ColourOfTheOrder', type: 'KEYWORD' } as never,
    ]);

    await expect(missing).rejects.toThrow('--name ColourOfTheOrder --type Keyword');
  });
});

/** Asks for one fee under an ID of its own; each call may change what it asks for. */
function asking(
  { client, taskQueue }: Pick<Temporal, 'client' | 'taskQueue'>,
  values: Partial<FeeDeductionInput> = {},
) {
  const input = { account_id: 'alice', order_id: uuid(), amount: 10, ...values };
  const workflowId = `test-${uuid()}`;
  type Options = Parameters<typeof startOrJoin<typeof FeeDeductionWorkflow>>[2];
  const ask = (options: Partial<Options> = {}) =>
    startOrJoin<typeof FeeDeductionWorkflow>(client, 'FeeDeductionWorkflow', {
      workflowId,
      taskQueue,
      args: [input],
      workflowExecutionTimeout: '1 minute',
      ...options,
    });
  return Object.assign(ask, { input, workflowId });
}

function feeWorker({ taskQueue, runWorker }: Temporal) {
  const accounts = createMemoryAccountStore({
    balancesCents: { alice: 100_00 },
    beforeDeducting: async () => {},
  });
  return runWorker(feeWorkerOptions({ accounts, taskQueue }));
}
