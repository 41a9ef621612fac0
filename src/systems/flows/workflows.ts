import {
  allHandlersFinished,
  ContinueAsNew,
  condition,
  makeContinueAsNewFunc,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { type FlowInput, type FlowResult, type FlowState, resultOf } from './flow.ts';
import { endRun, enterStep, type FlowRun, listen, openRun, openState } from './flow-run.ts';
import { workOn } from './flow-steps.ts';

export { ScheduledFlowWorkflow } from './flow-scheduled.ts';

/**
 * Walks through a definition, step by step: each step waits for what its node waits for, and then has its effect, under
 * a key of this visit. Its ID is made from the flow's name and the business fact that it is about.
 *
 * It has no time limit of its own: a definition says how long each step waits.
 *
 * @param carried the state of the run before this one
 */
export async function DynamicFlowWorkflow(
  input: FlowInput,
  carried?: FlowState,
): Promise<FlowResult> {
  const state = openState(input, carried);
  listen(state);
  try {
    await walk(await openRun(input, state));
  } catch (error) {
    if (!(error instanceof ContinueAsNew)) endRun(state, 'failed');
    throw error;
  }
  endRun(state, 'done');
  return resultOf(state);
}

async function walk(run: FlowRun): Promise<void> {
  const { input, definition, state } = run;
  const endTask = taskEnder();
  for (let step = state.current; step !== null; ) {
    enterStep(run, step);
    step = (await workOn(run, step)) ?? null;
    if (step !== null && workflowInfo().continueAsNewSuggested) {
      state.current = step;
      await condition(allHandlersFinished);
      await goOn({ ...input, definition }, state);
    }
    if (step !== null) await endTask();
  }
}

/**
 * Steps that wait for nothing and have no effect are all taken in one task. A worker stops a task that takes five
 * seconds, gets it again for ever, and may die of it: so the timer of a moment ends a task that has taken many.
 */
function taskEnder(): () => Promise<void> {
  let task = workflowInfo().historyLength;
  let steps = 0;
  return async () => {
    const { historyLength } = workflowInfo();
    steps = historyLength === task ? steps + 1 : 1;
    task = historyLength;
    if (steps >= MAX_STEPS_IN_A_TASK) await sleep(1);
  };
}

const MAX_STEPS_IN_A_TASK = 250;

/** The server hands on what a run was started with; what it has told since then is ours to hand on. */
async function goOn(input: FlowInput, state: FlowState): Promise<never> {
  const { memo = {}, typedSearchAttributes } = workflowInfo();
  const goOnWith = makeContinueAsNewFunc<typeof DynamicFlowWorkflow>({
    memo,
    typedSearchAttributes,
  });
  return await goOnWith(input, state);
}
