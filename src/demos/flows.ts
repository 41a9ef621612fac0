import { createFlows } from '#systems/flows';
import type { Table, Verdict } from '#testkit';
import {
  FLOW_ACTS,
  type FlowActName,
  type FlowActOptions,
  type FlowServer,
  type FoundFlowAct,
  type PlayedFlowAct,
  type TwoWays,
} from './flows-acts.ts';
import { playFiveTimes } from './flows-again.ts';
import { createFlowHolds } from './flows-holds.ts';
import { playKilled } from './flows-killed.ts';
import { playSignals } from './flows-signals.ts';
import type { FlowStage } from './flows-stage.ts';
import { sumsTable } from './flows-tables.ts';
import { proveFlows } from './flows-verdict.ts';
import { playTwoWays } from './flows-ways.ts';
import { openFlowWorker, PATIENT, TASK_QUEUE } from './flows-worker.ts';

export interface FlowDemoOptions {
  readonly stage: FlowStage;
  readonly temporal: FlowServer;
  /** Which ones are shown; in the order of the demo, whatever the order here. */
  readonly acts: readonly FlowActName[];
  /** Half a demo has no verdict: it fails with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Before an act begins. The demo waits for it. */
  readonly onAct?: (act: FlowActStart) => Promise<void>;
  readonly onActEnd?: (found: FoundFlowAct) => void;
}

export interface FlowActStart {
  readonly name: FlowActName;
  readonly says: string;
  /** Counted from 1, among those that are shown. */
  readonly number: number;
  readonly of: number;
}

/** What the demo found, in the order in which it is told. */
export interface FlowDemo {
  readonly acts: readonly FoundFlowAct[];
  /** Every flow of every act, counted. */
  readonly sums: Table;
  /** Of the whole, counted from the books; it does not hold where that of an act does not. */
  readonly verdict: Verdict;
}

/**
 * Walks through one flow again and again while what happens to flows happens: no answer, a worker that dies, answers that
 * repeat, starts that repeat; and counts what is in the world.
 *
 * The two ways of the first act are walked also where the act is not shown: the others need to know them.
 *
 * @throws the signal's reason
 */
export async function runFlowDemo(options: FlowDemoOptions): Promise<FlowDemo> {
  const { stage, temporal, signal } = options;
  const holds = createFlowHolds();
  const { interceptors } = holds;
  await using _worker = await openFlowWorker({
    stage,
    temporal,
    taskQueue: TASK_QUEUE,
    interceptors,
  });
  const flows = createFlows({ client: temporal.client, taskQueue: TASK_QUEUE, ...PATIENT });
  const played = await playAll(options, { stage, temporal, flows, holds });
  signal?.throwIfAborted();

  const walked = played.flatMap((one) => one.walked);
  const effects = await stage.keyed.effects();
  const whole = proveFlows({ definition: stage.definition, walked, effects });
  const acts = played.flatMap(({ found, shown }) => (shown ? [found] : []));
  const problems = [
    ...whole.problems,
    ...acts.flatMap(({ verdict, control }) => [
      ...(verdict?.problems ?? []),
      ...(control?.problems ?? []),
    ]),
  ];
  return {
    acts,
    sums: sumsTable(walked, effects),
    verdict: { ...whole, holds: problems.length === 0, problems: [...new Set(problems)] },
  };
}

async function playAll(options: FlowDemoOptions, on: FlowActOptions) {
  const shown = FLOW_ACTS.filter(({ name }) => options.acts.includes(name));
  const played: (PlayedFlowAct & { readonly shown: boolean })[] = [];
  let ways: TwoWays | undefined;
  const play = async (name: FlowActName): Promise<PlayedFlowAct> => {
    if (ways !== undefined && name !== 'two-ways') return await PLAYS[name](on, ways);
    const first = await playTwoWays(on);
    ways = first.ways;
    return { found: first.found, walked: [first.ways.answered, first.ways.silent] };
  };
  if (!options.acts.includes('two-ways')) {
    played.push({ ...(await play('two-ways')), shown: false });
  }
  for (const [index, act] of shown.entries()) {
    await options.onAct?.({ ...act, number: index + 1, of: shown.length });
    const one = await play(act.name);
    options.signal?.throwIfAborted();
    played.push({ ...one, shown: true });
    options.onActEnd?.(one.found);
  }
  return played;
}

const PLAYS = {
  killed: playKilled,
  signals: playSignals,
  'five-times': playFiveTimes,
} as const satisfies Record<
  Exclude<FlowActName, 'two-ways'>,
  (on: FlowActOptions, ways: TwoWays) => Promise<PlayedFlowAct>
>;
