import { count } from '#report';
import { createRecorder, type Table, type Verdict } from '#testkit';
import type { FlowActOptions, PlayedFlowAct, TwoWays } from './flows-acts.ts';
import { type KilledFlow, type KillPlan, killInTheMiddle } from './flows-kill.ts';
import type { FlowEffect } from './flows-stage.ts';
import { effectsOfVisit, proveFlowAct, visitsWithEffect } from './flows-verdict.ts';
import { clipped, type WalkedFlow } from './flows-walked.ts';
import { effectsOf } from './flows-ways.ts';

/** One process works on two carts with keys and on two without, and is killed in the middle of all four. */
export async function playKilled(options: FlowActOptions, ways: TwoWays): Promise<PlayedFlowAct> {
  const { stage } = options;
  const recorder = createRecorder('A worker that dies before it reports an effect repeats none.');
  const plans = [...plansOf(ways, { isNaive: false }), ...plansOf(ways, { isNaive: true })];
  const { killed, how } = await killInTheMiddle(options, recorder, plans);
  const safe = killed.filter(({ isNaive }) => !isNaive);
  const unsafe = killed.filter(({ isNaive }) => isNaive);
  const walked = safe.map(({ flow }) => flow);
  const effects = await effectsOf(stage.keyed, walked);
  const twice = await stage.naive.effects();
  recorder.effects(effects);
  recorder.table(killedTable(killed, [...effects, ...twice]));

  const { definition } = stage;
  recorder.verdict(proveFlowAct({ definition, walked, effects }, problemsOfKill(killed, how)));
  const control = damage(unsafe, twice);
  return { found: { name: 'killed', ...recorder.evidence(), control }, walked };
}

/** The effect in the middle of each way; a way without any is left out. */
function plansOf({ answered, silent }: TwoWays, { isNaive }: Pick<KillPlan, 'isNaive'>) {
  const letter = isNaive ? 'N' : 'B';
  const plan = (cart: string, flow: WalkedFlow, answers: boolean): KillPlan[] => {
    const visits = visitsWithEffect(flow).filter(({ visit }) => visit === 1);
    const middle = visits[Math.floor(visits.length / 2)];
    return middle === undefined ? [] : [{ cart, answers, step: middle.step, isNaive }];
  };
  return [...plan(`${letter}1`, answered, true), ...plan(`${letter}2`, silent, false)];
}

function problemsOfKill(killed: readonly KilledFlow[], how: string | number): string[] {
  return [
    ...(how === 'SIGKILL' ? [] : [`the worker ended by ${how} instead of SIGKILL`]),
    ...killed
      .filter(({ lost }) => lost === 0)
      .map(({ cart }) => `${cart}: no attempt was lost with the worker`),
  ];
}

function killedTable(killed: readonly KilledFlow[], effects: readonly FlowEffect[]): Table {
  return {
    title: 'Killed after the effect of this step, before its report',
    columns: ['cart', 'step', 'attempts', 'effects', 'the flow'],
    rows: killed.map(({ cart, isNaive, step, flow, lost }) => [
      isNaive ? `${cart}, no keys` : cart,
      clipped(step, 24),
      1 + lost,
      effectsOfVisit(flow, { step, visit: 1 }, effects),
      flow.failure === undefined ? 'went on to its end' : 'failed',
    ]),
  };
}

/** The control holds where it shows its damage: the second attempt is a second effect. */
function damage(killed: readonly KilledFlow[], effects: readonly FlowEffect[]): Verdict {
  const found = killed.map(({ cart, step, flow }) => {
    const times = effectsOfVisit(flow, { step, visit: 1 }, effects);
    return { times, told: `${cart}, ${clipped(step, 40)}: ${count(times, 'effect')}` };
  });
  const unharmed = found.filter(({ times }) => times < 2);
  const problems =
    found.length === 0 ? ['nothing was killed in it'] : unharmed.map(({ told }) => told);
  return {
    holds: problems.length === 0,
    says: 'THE CONTROL, without keys: the second attempt is a second effect',
    details: found.map(({ told }) => told),
    problems: problems.map((problem) => `the control: ${problem}`),
  };
}
