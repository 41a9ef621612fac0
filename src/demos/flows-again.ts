import { IntentMismatchError } from '#idempotency';
import { type Flows, flowWorkflowId } from '#systems/flows';
import { concurrently, createRecorder, type Evidence, overlap, type Recorder } from '#testkit';
import type { FlowActOptions, PlayedFlowAct, TwoWays } from './flows-acts.ts';
import { proveFlowAct, visitsWithEffect } from './flows-verdict.ts';
import { answerAll, inputOf, startFlow, type WalkedFlow, walkedBy } from './flows-walked.ts';
import { effectsOf } from './flows-ways.ts';

const CLIENTS = 5;
const CART = 'D1';

/** Five clients start the flow of one cart; nothing happens before all of them have it. Then it is started again. */
export async function playFiveTimes(
  options: FlowActOptions,
  ways: TwoWays,
): Promise<PlayedFlowAct> {
  const { flows, stage } = options;
  const { definition } = stage;
  const recorder = createRecorder('However often it is started, a flow runs once.');
  const flow = await startAtOnce(options, recorder, ways);
  const five = recorder.evidence();
  const again = await startFlow(flows, definition, CART);
  const other = await startOther(flows, options, flow.workflowId);
  const effects = await effectsOf(stage.keyed, [flow]);
  recorder.effects(effects);

  const runIds = new Set([...five.requests.map(({ runId }) => runId), again.runId]);
  const problems = [
    ...problemsOfFive(five),
    ...(runIds.size === 1 ? [] : [`${runIds.size} runs instead of 1`]),
    ...(again.outcome === 'replayed' ? [] : [`the start after the end was ${again.outcome}`]),
    ...(other === 'refused' ? [] : ['the name was taken for another input']),
  ];
  recorder.table({
    title: `The flow of cart ${CART}`,
    columns: ['started', 'outcome'],
    rows: [
      [`${CLIENTS} times at once`, outcomesOf(five)],
      ['when it is over', again.outcome],
      ['for another input', other],
    ],
  });
  recorder.verdict(proveFlowAct({ definition, walked: [flow], effects }, problems));
  return { found: { name: 'five-times', ...recorder.evidence() }, walked: [flow] };
}

async function startAtOnce(
  { flows, holds, stage: { definition } }: FlowActOptions,
  recorder: Recorder,
  { answered }: TwoWays,
): Promise<WalkedFlow> {
  const gate = recorder.gate(`cart ${CART}`, CLIENTS);
  const [first] = visitsWithEffect(answered);
  if (first) void holds.before(flowWorkflowId(definition.name, CART), first.step, gate);
  const walked = await concurrently(CLIENTS, async ({ name, barrier }) => {
    await barrier.arrive();
    const ask = async () => {
      const run = await startFlow(flows, definition, CART);
      // Five clients, one answer: it bears one ID.
      await answerAll(flows, definition, run.workflowId);
      gate.arrive().catch(() => {});
      const flow = await walkedBy(flows, run, CART);
      return { outcome: run.outcome, runId: run.runId, flow };
    };
    const request = recorder.request({ client: name, about: CART }, ask);
    const { flow } = await request.catch((error: unknown) => {
      gate.break(error);
      throw error;
    });
    return flow;
  });
  return walked[0] as WalkedFlow;
}

/** The name belongs to what was asked for first. */
async function startOther(
  flows: Flows,
  { stage: { definition } }: FlowActOptions,
  name: string,
): Promise<'refused' | 'taken'> {
  try {
    await flows.start({ definition, name, input: { ...inputOf(CART), other: true } });
    return 'taken';
  } catch (error) {
    if (error instanceof IntentMismatchError) return 'refused';
    throw error;
  }
}

function problemsOfFive(five: Evidence): string[] {
  const together = overlap(five);
  const started = five.requests.filter(({ outcome }) => outcome === 'started').length;
  const paths = new Set(five.requests.map(({ answer }) => pathIn(answer)));
  return [
    ...(together === CLIENTS ? [] : [`${together} of ${CLIENTS} starts overlapped`]),
    ...(started === 1 ? [] : [`${started} of the starts began a run instead of 1`]),
    ...(paths.size === 1 ? [] : [`${paths.size} distinct answers instead of 1`]),
  ];
}

function pathIn(answer: unknown): string {
  return JSON.stringify((answer as { readonly flow?: WalkedFlow }).flow?.visited);
}

function outcomesOf({ requests }: Evidence): string {
  const outcomes = requests.map(({ outcome = 'failed' }) => outcome);
  const names = [...new Set(outcomes)].toSorted().toReversed();
  return names.map((name) => `${outcomes.filter((one) => one === name).length} ${name}`).join(', ');
}
