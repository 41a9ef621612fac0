import { v4 as uuid } from 'uuid';
import { describe, expect, vi } from 'vitest';
import { openFlows } from '#fixtures/flows/house';
import { IntentMismatchError } from '#idempotency';
import {
  createFlowSchedules,
  dueWorkflowId,
  type FlowDefinition,
  flowScheduleId,
  flowWorkflowId,
  InvalidFlowError,
  scheduledKey,
  stepKey,
  UnknownScheduleError,
} from '#systems/flows';
import type { Temporal } from '#testkit';
import { it } from '#testkit/vitest';

const REPORT = {
  name: 'report',
  version: '1',
  start_step: 'send',
  steps: { send: { node: 'send_message', config: { to: 'carl', text: 'Carts of the day' } } },
} satisfies FlowDefinition;

/** Due at six each day, long ago: nothing starts by itself while a test runs. */
const SIX = { calendars: [{ hour: 6 }], endAt: new Date('2025-01-01T00:00:00Z') };
const [FIRST, SECOND, THIRD] = ['2024-03-01', '2024-03-02', '2024-03-03'] as const;

describe.concurrent('a flow on a schedule', () => {
  it('runs once for each day that is filled in, and a day that was done is not run again', async ({
    temporal,
  }) => {
    await using house = await openFlows(temporal);
    await using daily = scheduled(temporal, 'daily');
    const { schedules, name, idOf, dueRuns } = daily;
    await schedules.create({ ...name, definition: REPORT, spec: SIX });

    await schedules.backfill(name, days(FIRST, SECOND));
    await dueRuns(2);
    const runIdOf = async (day: string) => (await house.flows.state(idOf(day)))?.runId;
    const before = [await runIdOf(FIRST), await runIdOf(SECOND)];
    await schedules.backfill(name, days(FIRST, THIRD));
    const results = await dueRuns(2 + 3);

    expect(outcomesOf(results)).toEqual({
      [idOf(FIRST)]: ['started', 'joined'],
      [idOf(SECOND)]: ['started', 'joined'],
      [idOf(THIRD)]: ['started'],
    });
    expect([await runIdOf(FIRST), await runIdOf(SECOND)], 'runs of the days').toEqual(before);
    expect((await house.outbox.effects()).map(({ key }) => key)).toEqual(
      [FIRST, SECOND, THIRD].map((day) => stepKey(idOf(day), 'send', 1)),
    );
  });

  it('does not run for a day that somebody has started by hand, and is known by its name', async ({
    temporal,
  }) => {
    await using house = await openFlows(temporal);
    await using daily = scheduled(temporal, 'daily');
    const { schedules, name, idOf, dueRuns } = daily;
    await schedules.create({ ...name, definition: REPORT, spec: SIX, input: { of: 'carts' } });

    const request = { name: idOf(FIRST), definition: REPORT, input: { of: 'carts' } };
    const byHand = await house.flows.start(request);
    await byHand.result();
    await schedules.backfill(name, days(FIRST, SECOND));
    const results = await dueRuns(2);
    const again = await house.flows.start({ ...request, name: idOf(SECOND) });

    expect(outcomesOf(results)).toEqual({ [idOf(FIRST)]: ['joined'], [idOf(SECOND)]: ['started'] });
    expect(again.outcome, 'by hand, after the schedule').toBe('replayed');
    expect((await house.outbox.effects()).length, 'messages').toBe(2);
  });

  it('is created once, and names the policies that it goes by', async ({ temporal }) => {
    await using daily = scheduled(temporal, 'daily');
    const { schedules, name, handle } = daily;
    const request = { ...name, definition: REPORT, spec: SIX };

    expect([await schedules.create(request), await schedules.create(request)]).toEqual([
      'created',
      'there',
    ]);
    const others = [
      { ...request, input: { of: 'orders' } },
      { ...request, overlap: 'SKIP' as const },
      { ...request, spec: { calendars: [{ hour: 7 }] } },
    ];
    for (const other of others) {
      await expect(schedules.create(other)).rejects.toThrow(IntentMismatchError);
    }
    const { policies, action } = await handle.describe();
    expect(policies).toEqual({
      overlap: 'ALLOW_ALL',
      catchupWindow: 365 * 24 * 60 * 60 * 1_000,
      pauseOnFailure: false,
    });
    expect(action.workflowId).toBe(dueWorkflowId(handle.scheduleId));
  });

  it('is created with a good definition alone, and one that nobody knows is not filled in', async ({
    temporal,
  }) => {
    await using daily = scheduled(temporal, 'daily');
    const { schedules, name, handle } = daily;
    const bad = { ...REPORT, start_step: 'sned' };

    await expect(schedules.create({ ...name, definition: bad, spec: SIX })).rejects.toThrow(
      InvalidFlowError,
    );
    await expect(handle.describe()).rejects.toThrow('not found');
    await expect(schedules.backfill(name, days(FIRST, FIRST))).rejects.toThrow(
      UnknownScheduleError,
    );
    await expect(schedules.remove(name)).resolves.toBeUndefined();
  });

  it.for([
    [
      'no schedule has started it',
      { schedule: 'daily', flow: { definition: REPORT }, fingerprint: '' },
      'NotScheduledError',
    ],
    ['it was given nothing', undefined, 'InvalidFlowError'],
    [
      'its flow is bad',
      { schedule: 'daily', flow: { definition: {} }, fingerprint: '' },
      'InvalidFlowError',
    ],
  ] as const)('fails at once where %s', async ([, input, type], { temporal }) => {
    await using _house = await openFlows(temporal);
    const { client, taskQueue } = temporal;

    const run = client.workflow.execute('ScheduledFlowWorkflow', {
      workflowId: `due:${uuid()}`,
      workflowExecutionTimeout: '20 seconds',
      taskQueue,
      args: [input],
    });

    await expect(run).rejects.toMatchObject({ cause: { type } });
  });
});

/** A schedule of this test alone, removed with it. */
function scheduled({ client, taskQueue }: Temporal, schedule: string) {
  const schedules = createFlowSchedules({ client, taskQueue });
  const name = { flow: 'report', schedule: `${schedule}-${uuid()}` };
  const handle = client.schedule.getHandle(flowScheduleId(name.flow, name.schedule));
  return {
    schedules,
    name,
    handle,
    idOf: (day: string) =>
      flowWorkflowId('report', scheduledKey(name.schedule, `${day}T06:00:00Z`)),
    /** The results of the runs that it has started, when there are so many and all are over. */
    async dueRuns(n: number) {
      const runs = await vi.waitFor(async () => {
        const { recentActions, runningActions } = (await handle.describe()).info;
        expect(recentActions.length, 'runs that the schedule has started').toBe(n);
        expect(runningActions, 'and that are open').toEqual([]);
        return recentActions.map(({ action }) => action.workflow);
      }, WITHIN);
      return await Promise.all(
        runs.map(async ({ workflowId, firstExecutionRunId }) => {
          const run = client.workflow.getHandle(workflowId, firstExecutionRunId);
          return (await run.result()) as { workflow_id: string; outcome: string };
        }),
      );
    },
    async [Symbol.asyncDispose]() {
      await schedules.remove(name);
    },
  };
}

function outcomesOf(results: readonly { workflow_id: string; outcome: string }[]) {
  const flows = [...new Set(results.map(({ workflow_id }) => workflow_id))];
  return Object.fromEntries(
    flows.map((id) => [
      id,
      results.filter(({ workflow_id }) => workflow_id === id).map(({ outcome }) => outcome),
    ]),
  );
}

function days(from: string, to: string) {
  return { start: new Date(`${from}T00:00:00Z`), end: new Date(`${to}T12:00:00Z`) };
}

const WITHIN = { interval: 20, timeout: 20_000 };
