/** Any flow that can be run, any answers, any crashes, on the real workflow. */
import * as fc from 'fast-check';
import { describe, expect } from 'vitest';
import { type FlowEvent, type StepDefinition, stepKey, type VisitedStep } from '#systems/flows';
import type { Temporal } from '#testkit';
import { it } from '#testkit/vitest';
import { EVERYTHING, LITTLE, PATIENT, type Plan, scheduleOf } from './property-plans.ts';
import { type Life, openWorld } from './property-world.ts';

const FLOWS = 8;

/** They come before all others: together they have each node, each event and each end. */
const EXAMPLES: [readonly Plan[]][] = [[[LITTLE]], [[EVERYTHING]]];

/** A schedule in which nothing happens proves nothing: each of these has to come. */
const EVENTS = ['condition_satisfied', 'condition_not_satisfied', 'condition_timeout'];

describe('a flow, whatever its definition, whoever answers it and whatever crashes', () => {
  it(`has one effect for each visit, on a way that its definition allows: ${FLOWS} flows at once`, async ({
    temporal,
  }) => {
    const { lives, struck, failure } = await runSchedules(temporal, 'keyed');

    expect(failure, 'what came of them').toBe('');
    const visited = lives.flatMap(({ flow }) => flow.visited);
    expect(new Set(visited.map(({ node }) => node)).size, 'nodes that were visited').toBe(6);
    expect(new Set(visited.map(({ event_type }) => event_type))).toEqual(new Set(EVENTS));
    expect(new Set(lives.map(({ flow }) => flow.status))).toEqual(new Set(['done', 'failed']));
    expect(Math.min(struck.before, struck.after), 'crashes of the rarer kind').toBeGreaterThan(1);
    expect(lives.some(({ flow }) => flow.visited.some(({ visit }) => visit > 1))).toBe(true);
  });

  it('has more than one where its key is new with each attempt: the same property finds it', async ({
    temporal,
  }) => {
    const { failure } = await runSchedules(temporal, 'naive');

    expect(failure).toMatch(/effects of .+: expected \[/);
    expect(failure).toContain('Counterexample');
  });
});

async function runSchedules(temporal: Temporal, nodes: 'keyed' | 'naive') {
  await using world = await openWorld(temporal, nodes);
  const lives: Life[] = [];
  const property = fc.asyncProperty(scheduleOf(FLOWS), async (plans) => {
    const lived = await Promise.all(plans.map((plan) => world.live(plan)));
    lives.push(...lived);
    for (const life of lived) expectWhole(life);
  });
  // A schedule costs a second: one that fails is told as it is.
  const told = await fc.check(property, {
    numRuns: EXAMPLES.length + 1,
    endOnFailure: true,
    examples: EXAMPLES,
    includeErrorInReport: true,
  });
  return { lives, struck: world.struck, failure: (await fc.asyncDefaultReportMessage(told)) ?? '' };
}

function expectWhole(life: Life): void {
  const { name, plan, flow, entries, webhooks } = life;
  expectAllowed(plan, flow.visited, flow.status);
  const keysOf = (...nodes: readonly string[]) =>
    flow.visited
      .filter(({ node }) => nodes.includes(node))
      .map(({ step, visit }) => stepKey(name, step, visit));
  const put = keysOf('send_message', 'notify_creator');
  expect(
    entries.map(({ key }) => key),
    `effects of ${put.length} messages and notifications`,
  ).toEqual(put);
  const posted = keysOf('webhook').toSorted();
  expect(
    webhooks.map(({ step, visit }) => stepKey(name, String(step), Number(visit))).toSorted(),
    `effects of ${posted.length} webhooks`,
  ).toEqual(posted);
  expectAnswered(life);
}

/** Walks through the definition by the events that were told, with nothing of the engine. */
function expectAllowed(
  { definition, input }: Plan,
  visited: readonly VisitedStep[],
  status: string,
) {
  const visits = new Map<string, number>();
  let at: string | undefined = definition.start_step;
  for (const { step, visit, event_type } of visited) {
    expect(step, `the step after ${JSON.stringify([...visits])}`).toBe(at);
    visits.set(step, (visits.get(step) ?? 0) + 1);
    expect(visit, `visit of ${step}`).toBe(visits.get(step));
    const one: StepDefinition = definition.steps[step] ?? { node: 'none' };
    expect(mayTell(one, input.total), `what ${step} may tell`).toContain(event_type);
    const branch = event_type.slice('condition_'.length) as
      | 'satisfied'
      | 'not_satisfied'
      | 'timeout';
    at = one.condition?.[branch] ?? one.go_to;
  }
  const isSpent = at !== undefined && visits.get(at) === definition.steps[at]?.max_visits;
  expect(status, `its end, where ${at} would be next`).toBe(isSpent ? 'failed' : 'done');
  if (!isSpent) expect(at, 'the step after its end').toBeUndefined();
}

function mayTell({ node, config = {} }: StepDefinition, total: number): readonly FlowEvent[] {
  const yesIf = (is: boolean): FlowEvent =>
    is ? 'condition_satisfied' : 'condition_not_satisfied';
  if (node === 'branch') return [yesIf(total >= Number(config.at_least))];
  if (node === 'webhook') return [yesIf(Object(config.body).says !== 'no')];
  if (node !== 'wait_answer' || config === PATIENT) return ['condition_satisfied'];
  return ['condition_satisfied', 'condition_timeout'];
}

/** Each answer is kept once, and answers one visit at most; no visit runs out of time while there is one to be had. */
function expectAnswered({ flow, taken, tooLate }: Life): void {
  const { signals, visited } = flow;
  expect(signals.map(({ signal_id }) => signal_id).toSorted(), 'the answers that it keeps').toEqual(
    [...taken].toSorted(),
  );
  expect(tooLate, 'answers that came when it was over').toContain('afterwards');
  const waits = visited.filter(({ node }) => node === 'wait_answer');
  const answered = waits.filter(({ event_type }) => event_type === 'condition_satisfied');
  expect(
    signals.flatMap(({ used_by }) => used_by ?? []).toSorted(),
    'the visits that were answered, once for each answer',
  ).toEqual(answered.map(({ step, visit }) => `${step}#${visit}`).toSorted());
  for (const [nth, { completed_at, event_type, step }] of waits.entries()) {
    if (event_type !== 'condition_timeout') continue;
    const before = waits.slice(0, nth).map((one) => `${one.step}#${one.visit}`);
    const unused = signals.filter(
      ({ received_at, used_by }) => received_at < completed_at && !before.includes(used_by ?? ''),
    );
    expect(unused, `answers that ${step} could have had when its time was up`).toEqual([]);
  }
}
