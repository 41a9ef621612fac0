import { createRecorder, type Recorder } from '#testkit';
import type { FlowActOptions, FoundFlowAct, TwoWays } from './flows-acts.ts';
import type { FlowEffect, FlowSide } from './flows-stage.ts';
import { outboxTable, waysTable } from './flows-tables.ts';
import { proveFlowAct } from './flows-verdict.ts';
import { answerAll, startFlow, type WalkedFlow, walkedBy } from './flows-walked.ts';

/** Two carts side by side: one client answers, one does not. */
export async function playTwoWays(
  options: FlowActOptions,
): Promise<{ readonly found: FoundFlowAct; readonly ways: TwoWays }> {
  const { definition, keyed } = options.stage;
  const recorder = createRecorder('One definition, two ways through it, and one effect a visit.');
  const [answered, silent] = await Promise.all([
    walk(options, recorder, { cart: 'A1', answers: true }),
    walk(options, recorder, { cart: 'A2', answers: false }),
  ]);
  const walked = [answered, silent];
  const effects = await effectsOf(keyed, walked);
  recorder.effects(effects);
  const flows = [
    { title: 'A1, with an answer', flow: answered },
    { title: 'A2, without', flow: silent },
  ];
  recorder.table(waysTable(flows, definition, effects));
  recorder.table(outboxTable(effects));
  recorder.verdict(proveFlowAct({ definition, walked, effects }));
  return { found: { name: 'two-ways', ...recorder.evidence() }, ways: { answered, silent } };
}

async function walk(
  { flows, stage: { definition } }: FlowActOptions,
  recorder: Recorder,
  { cart, answers }: { readonly cart: string; readonly answers: boolean },
): Promise<WalkedFlow> {
  const run = await recorder.request({ client: `client of ${cart}`, about: cart }, () =>
    startFlow(flows, definition, cart),
  );
  if (answers) await answerAll(flows, definition, run.workflowId);
  return await walkedBy(flows, run, cart);
}

/** What these flows have left behind. */
export async function effectsOf(
  side: FlowSide,
  walked: readonly WalkedFlow[],
): Promise<readonly FlowEffect[]> {
  return (await side.effects()).filter((effect) =>
    walked.some(({ workflowId }) => {
      if ('workflowId' in effect) return effect.workflowId === workflowId;
      return effect.key.startsWith(`${workflowId}/`);
    }),
  );
}
