import { ApplicationFailure } from '@temporalio/common';
import { proxyActivities } from '@temporalio/workflow';
import type { FlowActivities } from './activities.ts';
import { nextStep, type StepDefinition } from './definition.ts';
import { visitsOf } from './flow.ts';
import { type FlowRun, remember, waitingFor } from './flow-run.ts';
import { type NodeName, nodeCalled } from './nodes/names.ts';
import { type NodeContext, SATISFIED, type StepResult, type Wait } from './nodes/node.ts';
import { OPTIONS } from './nodes/options.ts';
import { WAITS } from './nodes/waits.ts';
import { WITH_EFFECT } from './nodes/with-effect.ts';

const { send_message } = proxyActivities<FlowActivities>(OPTIONS.send_message);
const { notify_creator } = proxyActivities<FlowActivities>(OPTIONS.notify_creator);
const { webhook } = proxyActivities<FlowActivities>(OPTIONS.webhook);
const ACT = { send_message, notify_creator, webhook } satisfies FlowActivities;

/** Works on one step, and tells the next one; undefined at the end. */
export async function workOn(run: FlowRun, name: string): Promise<string | undefined> {
  const { definition, state } = run;
  const step = definition.steps[name] as StepDefinition;
  const node = nodeCalled(step.node) as NodeName;
  const visit = visitsOf(state, name) + 1;
  requireVisit(name, step, visit);

  const context = contextOf(run, name, visit);
  const result = await bothPhases(run, node, step, context);
  state.results[name] = result;
  const completed_at = new Date().toISOString();
  remember(run, { step: name, node, visit, event_type: result.event, completed_at });
  return nextStep(step, result.event);
}

async function bothPhases(
  run: FlowRun,
  node: NodeName,
  step: StepDefinition,
  context: NodeContext,
): Promise<StepResult> {
  const wait = WAITS[node] as Wait<unknown> | undefined;
  const { config = {} } = step;
  const visit = `${context.step}#${context.visit}`;
  const waited = wait ? await wait(config, context, waitingFor(run, visit)) : SATISFIED;
  if (!WITH_EFFECT.has(node)) return waited;

  const { tenant } = run.input;
  return await ACT[node as keyof typeof ACT]({
    ...(tenant !== undefined && { tenant }),
    step: context.step,
    visit: context.visit,
    flow: context.flow,
    config,
    input: context.input,
    waited,
  });
}

function contextOf(
  { definition, input, state }: FlowRun,
  step: string,
  visit: number,
): NodeContext {
  const { results, visited } = state;
  return { flow: definition.name, step, visit, input: input.input, results, visited };
}

/** A loop that was meant comes to its end here, where nothing else has ended it. */
function requireVisit(name: string, { max_visits: most }: StepDefinition, visit: number): void {
  // The other steps of a loop are visited as often as the one that ends it.
  if (most === undefined || visit <= most) return;
  throw ApplicationFailure.nonRetryable(
    `Step ${name} was to be visited ${most} times at most`,
    'TooManyVisitsError',
  );
}
