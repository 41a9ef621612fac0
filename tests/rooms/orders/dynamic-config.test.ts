import { WorkflowNotFoundError } from '@temporalio/client';
import { msToTs, tsToMs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import { v4 as uuid } from 'uuid';
import { describe, expect, it as plain } from 'vitest';
import {
  flawsOf,
  parseDynamicConfig,
  readKnownKeys,
  readOrderService,
} from './dynamic-config-file.ts';
import { openConfiguredServer } from './dynamic-config-server.ts';

const NAMESPACE = 'order-service';
const { CommandType } = proto.temporal.api.enums.v1;

describe('the dynamic configuration of order-service', () => {
  plain('has only keys that the server knows, each for that namespace alone', async () => {
    const config = await readOrderService();

    expect(flawsOf(config, await readKnownKeys())).toEqual([]);
    const constraints = Object.values(config).flatMap((values) =>
      values.map((one) => one.constraints),
    );
    expect(constraints.length, 'values').toBeGreaterThanOrEqual(1);
    for (const constraint of constraints) expect(constraint).toEqual({ namespace: NAMESPACE });
  });

  plain(
    'is refused with keys of an older guide, and with a constraint that a key does not know',
    async () => {
      const flaws = flawsOf(parseDynamicConfig(OF_AN_OLDER_GUIDE), await readKnownKeys());

      expect(flaws).toEqual([
        'workflow.workflowTaskTimeout: server 1.29.1 has no such key',
        'workflow.workflowExecutionTimeout: server 1.29.1 has no such key',
        'workflow.workflowRunTimeout: server 1.29.1 has no such key',
        'workflow.defaultActivityRetryPolicy: server 1.29.1 has no such key',
        'limit.maxTaskQueuePollers: server 1.29.1 has no such key',
        'history.maximumMutableStateSize: server 1.29.1 has no such key',
        'worker.enableStickyQuery: server 1.29.1 has no such key',
        'limit.mutableStateSize.error: a constraint by namespace holds nowhere',
      ]);
    },
  );
});

/** Each effect that a server with the values of the file shows, and a key alone would not. */
const it = plain.extend<{ $file: { server: Server } }>({
  server: [
    // oxlint-disable-next-line no-empty-pattern -- vitest reads the needs of a fixture from this pattern.
    async ({}, use) => {
      await using server = await openConfiguredServer(await readOrderService());
      await use(server);
    },
    { scope: 'file' },
  ],
});

describe('a server with the values of order-service', () => {
  it('is of the version whose keys are listed', async ({ server }) => {
    expect(await server.version()).toBe((await readKnownKeys()).version);
  });

  it('gives a start without a timeout of its tasks five seconds', async ({ server }) => {
    const run = await server.start();

    const { events } = await run.fetchHistory();
    const started = events?.[0]?.workflowExecutionStartedEventAttributes;
    expect(tsToMs(started?.workflowTaskTimeout)).toBe(5_000);
  });

  it('tries an activity without a policy five times, at most 30 seconds apart', async ({
    server,
  }) => {
    const run = await server.start();

    await server.answerTask(run, [
      {
        commandType: CommandType.COMMAND_TYPE_SCHEDULE_ACTIVITY_TASK,
        scheduleActivityTaskCommandAttributes: {
          activityId: '1',
          activityType: { name: 'ProcessPayment' },
          taskQueue: { name: 'nobody' },
          startToCloseTimeout: msToTs('1 minute'),
        },
      },
    ]);

    const { events } = await run.fetchHistory();
    const [scheduled] = (events ?? []).flatMap(
      (one) => one.activityTaskScheduledEventAttributes ?? [],
    );
    expect(scheduled?.retryPolicy?.maximumAttempts).toBe(5);
    expect(tsToMs(scheduled?.retryPolicy?.maximumInterval), 'the longest wait').toBe(30 * 1_000);
  });

  it('refuses an order of more than a megabyte, and starts nothing', async ({ server }) => {
    const workflowId = uuid();
    const megabyte = 1_048_576;

    const refusal = await refusalOf(server.start(workflowId, 'x'.repeat(megabyte)));

    expect(refusal).toBe('Blob data size exceeds limit.');
    const state = server.client.workflow.getHandle(workflowId).describe();
    await expect(state, 'the run').rejects.toThrow(WorkflowNotFoundError);
    await server.start(workflowId, 'x'.repeat(megabyte / 2));
  });

  it('refuses the one of 21 updates for which there is no place', async ({ server }) => {
    const run = await server.start();
    const asked = Array.from({ length: 20 + 1 }, () => server.update(run));

    const first = await Promise.race(asked);
    await run.terminate('Nobody is going to answer the other 20');
    const codes = await Promise.all(asked);

    expect(first, 'the first answer').toBe(RESOURCE_EXHAUSTED);
    expect(codes.filter((code) => code === RESOURCE_EXHAUSTED).length, 'refused').toBe(1);
  });

  it('refuses a second run under an ID that was used within ten seconds', async ({ server }) => {
    const workflowId = uuid();
    const run = await server.start(workflowId);
    await run.terminate('It failed');

    const refusal = await refusalOf(server.start(workflowId));

    expect(refusal).toMatch(/^Too many starts for workflow /);
  });

  it('advises a run with a thousand events to continue as new', async ({ server }) => {
    const run = await server.start();
    const notes = Array.from({ length: 1_000 }, () => ({
      commandType: CommandType.COMMAND_TYPE_RECORD_MARKER,
      recordMarkerCommandAttributes: { markerName: 'note' },
    }));

    const before = await server.answerTask(run, notes);
    const after = await server.answerTask(run, []);

    expect([before, after], 'advised in the first task, and in the next one').toEqual([
      false,
      true,
    ]);
  });
});

/** What the server says to a start. */
async function refusalOf(starting: Promise<unknown>): Promise<string> {
  return await starting.then(
    () => 'It was started',
    ({ cause }: { readonly cause: { readonly details: string } }) => cause.details,
  );
}

// The number is gRPC's: https://grpc.io/docs/guides/status-codes/
const RESOURCE_EXHAUSTED = 8;

const OF_AN_OLDER_GUIDE = [
  'workflow.workflowTaskTimeout',
  'workflow.workflowExecutionTimeout',
  'workflow.workflowRunTimeout',
  'workflow.defaultActivityRetryPolicy',
  'limit.maxTaskQueuePollers',
  'history.maximumMutableStateSize',
  'worker.enableStickyQuery',
  'system.visibilityDisableOrderByClause',
  'limit.mutableStateSize.error',
]
  .map((key) => `${key}: [{value: 1, constraints: {namespace: ${NAMESPACE}}}]`)
  .join('\n');

type Server = Awaited<ReturnType<typeof openConfiguredServer>>;
