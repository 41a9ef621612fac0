import { flowWorkflowId } from '#systems/flows';
import { createRecorder, type Recorder, type Table } from '#testkit';
import type { FlowActOptions, PlayedFlowAct, TwoWays } from './flows-acts.ts';
import { proveFlowAct, visitsWithEffect } from './flows-verdict.ts';
import {
  answer,
  clipped,
  eventInWords,
  startFlow,
  visitInWords,
  type WalkedFlow,
  walkedBy,
} from './flows-walked.ts';
import { effectsOf } from './flows-ways.ts';

/** One signal ID, as often as it was sent. */
interface Sent {
  readonly cart: string;
  readonly signalId: string;
  readonly when: 'twice, at once' | 'twice, too late' | 'after the end';
  readonly outcomes: readonly ('sent' | 'refused')[];
}

/** One client answers twice with one answer, another one twice and too late, and both when all is over. */
export async function playSignals(options: FlowActOptions, ways: TwoWays): Promise<PlayedFlowAct> {
  const { stage } = options;
  const recorder = createRecorder('An answer is taken once, while somebody waits for it.');
  const [twice, late] = await Promise.all([
    answerTwice(options, recorder),
    answerLate(options, recorder, ways),
  ]);
  const walked = [twice.flow, late.flow];
  const sent = [...twice.sent, ...late.sent];
  const effects = await effectsOf(stage.keyed, walked);
  recorder.effects(effects);
  recorder.table(signalsTable(sent, walked));

  const { definition } = stage;
  const found = [...walked.flatMap(problemsOfSignals), ...problemsOfSent(sent, walked)];
  recorder.verdict(proveFlowAct({ definition, walked, effects }, found));
  return { found: { name: 'signals', ...recorder.evidence() }, walked };
}

async function answerTwice(options: FlowActOptions, recorder: Recorder) {
  const { flows } = options;
  const [cart, signalId] = ['C1', 'answer-1'];
  const run = await start(options, recorder, cart);
  const outcomes = [
    await answer(flows, run.workflowId, signalId),
    await answer(flows, run.workflowId, signalId),
  ];
  const flow = await walkedBy(flows, run, cart);
  return { flow, sent: [{ cart, signalId, when: 'twice, at once', outcomes } as const] };
}

/** The effect that follows the timeout is held back until the answers are there; a flow without one has no such moment. */
async function answerLate(options: FlowActOptions, recorder: Recorder, { silent }: TwoWays) {
  const { flows, holds, stage } = options;
  const cart = 'C2';
  const sent: Sent[] = [];
  const send = async (signalId: string, when: Sent['when'], times: number) => {
    const outcomes: Sent['outcomes'][number][] = [];
    while (outcomes.length < times) outcomes.push(await answer(flows, workflowId, signalId));
    sent.push({ cart, signalId, when, outcomes });
  };
  const workflowId = flowWorkflowId(stage.definition.name, cart);
  const step = stepAfterTimeout(silent);
  const gate = recorder.gate('the late answers', 1);
  const isHeld = step === undefined ? undefined : holds.before(workflowId, step, gate);

  const run = await start(options, recorder, cart);
  if (isHeld) {
    // A flow that takes another way this time ends without having been there.
    await Promise.race([isHeld, run.result().catch(() => {})]);
    await send('answer-1', 'twice, too late', 2);
    await gate.arrive();
  }
  const flow = await walkedBy(flows, run, cart);
  await send('answer-2', 'after the end', 1);
  return { flow, sent };
}

async function start(
  { flows, stage: { definition } }: FlowActOptions,
  recorder: Recorder,
  cart: string,
) {
  const from = { client: `client of ${cart}`, about: cart };
  return await recorder.request(from, () => startFlow(flows, definition, cart));
}

function stepAfterTimeout(flow: WalkedFlow): string | undefined {
  const { visited } = flow;
  const at = visited.findIndex(({ event_type }) => event_type === 'condition_timeout');
  if (at < 0) return undefined;
  const before = new Set(visited.slice(0, at).map(({ step }) => step));
  return visitsWithEffect(flow).find(
    (visit) => visited.indexOf(visit) > at && !before.has(visit.step),
  )?.step;
}

/** A visit that timed out has used none, and one that was answered has used one. */
function problemsOfSignals({ cart, signals, visited }: WalkedFlow): string[] {
  const ids = signals.map(({ signal_id }) => signal_id);
  const used = signals.flatMap(({ used_by }) => used_by ?? []);
  const answered = visited
    .filter(
      ({ node, event_type }) => node === 'wait_answer' && event_type === 'condition_satisfied',
    )
    .map(({ step, visit }) => `${step}#${visit}`);
  return [
    ...(new Set(ids).size === ids.length ? [] : [`${cart}: an answer was kept twice`]),
    ...(used.toSorted().join() === answered.toSorted().join()
      ? []
      : [`${cart}: ${used.length} answers were used, and ${answered.length} visits had one`]),
  ];
}

function problemsOfSent(sent: readonly Sent[], walked: readonly WalkedFlow[]): string[] {
  return sent.flatMap((one) => {
    const { cart, signalId, when } = one;
    const kept = keptOf(one, walked);
    if (when === 'after the end') {
      const isRefused = one.outcomes.every((outcome) => outcome === 'refused');
      return isRefused ? [] : [`${cart}: ${signalId} was taken after the end`];
    }
    // An answer to a flow that was quick to end is refused, too.
    const wanted = one.outcomes.includes('sent') ? 1 : 0;
    return kept.length === wanted ? [] : [`${cart}: ${signalId} was kept ${kept.length} times`];
  });
}

function keptOf({ cart, signalId }: Sent, walked: readonly WalkedFlow[]) {
  const flow = walked.find((one) => one.cart === cart);
  return flow?.signals.filter(({ signal_id }) => signal_id === signalId) ?? [];
}

function signalsTable(sent: readonly Sent[], walked: readonly WalkedFlow[]): Table {
  return {
    title: 'Each answer, and what has become of it',
    columns: ['cart', 'answer', 'sent', 'kept', 'used by', 'where it went'],
    rows: sent.map((one) => {
      const { cart, signalId, when, outcomes } = one;
      const kept = keptOf(one, walked);
      const isRefused = outcomes.every((outcome) => outcome === 'refused');
      const used = kept.find(({ used_by }) => used_by !== null)?.used_by ?? 'nobody';
      return [
        cart,
        signalId,
        when,
        kept.length,
        isRefused ? 'refused' : clipped(used, 14),
        wentBy(cart, walked),
      ];
    }),
  };
}

function wentBy(cart: string, walked: readonly WalkedFlow[]): string {
  const visited = walked.find((flow) => flow.cart === cart)?.visited ?? [];
  const wait = visited.find(({ node }) => node === 'wait_answer');
  return wait ? clipped(`${visitInWords(wait)}: ${eventInWords(wait.event_type)}`, 20) : '';
}
