import {
  type BatchEntry,
  type Batches,
  type BatchResult,
  type BatchState,
  createBatches,
  DEFAULT_MAX_CONCURRENT,
} from '#systems/superscript';
import { createRecorder, type Evidence, type Verdict } from '#testkit';
import type { ActOptions } from './superscript-acts.ts';
import { openBackstage } from './superscript-worker.ts';
import { whileRunning } from './while-running.ts';

/** What one day's batch came to. */
interface Day {
  readonly date: string;
  readonly batch: BatchResult;
  /** In the ledger, when it had ended. */
  readonly lines: number;
}

/** The whole list as a batch, and as the batch of the next day: that one finds every payment made. */
export async function playOrchestrator(options: ActOptions): Promise<Evidence> {
  const { stage } = options;
  const recorder = createRecorder('A batch that comes again, on another day, pays nothing again.');
  await using backstage = await openBackstage(options, recorder);
  const batches = createBatches(backstage);
  const days: Day[] = [];
  for (const date of twoDays(Date.now())) {
    const { batch } = await recorder.request({ client: 'client 1', about: date }, () =>
      runBatch(batches, date, options),
    );
    const effects = await stage.safe.effects();
    days.push({ date, batch, lines: effects.length });
    recorder.effects(effects);
  }
  recorder.verdict(verdictOf(days, options.orderIds));
  return recorder.evidence();
}

async function runBatch(batches: Batches, date: string, { orderIds, onProgress }: ActOptions) {
  const maxConcurrent = DEFAULT_MAX_CONCURRENT;
  const started = await batches.start({ orderIds, maxConcurrent, date });
  const news = createNews();
  let done = 0;
  const batch = await whileRunning(started.result(), async () => {
    for (const entry of news(decided(await batches.state(started.batchId)))) {
      done += 1;
      const { order_id: orderId } = entry;
      const how = howOf(entry);
      onProgress?.({ act: 'orchestrator', round: date, orderId, how, done, of: orderIds.length });
    }
  });
  return { outcome: started.outcome, runId: started.runId, batch };
}

function decided(state: BatchState | undefined): readonly BatchEntry[] {
  if (state === undefined) return [];
  return state.status === 'done' ? state.result.results : (state.progress?.results ?? []);
}

/** What was not there the last time. They come in the order of the list, and end in any: one may come between. */
function createNews() {
  let before = new Map<string, number>();
  return (entries: readonly BatchEntry[]) => {
    const now = new Map<string, number>();
    const fresh = entries.filter(({ order_id: orderId, status }) => {
      const key = `${orderId} ${status}`;
      now.set(key, (now.get(key) ?? 0) + 1);
      return (now.get(key) ?? 0) > (before.get(key) ?? 0);
    });
    before = now;
    return fresh;
  };
}

function howOf({ status, outcome, reason }: BatchEntry): string {
  const why = reason ?? outcome;
  return why === undefined ? status : `${status} (${why})`;
}

/** Today and tomorrow, as UTC has them. */
function twoDays(nowMs: number): readonly string[] {
  const DAY_MS = 24 * 60 * 60 * 1000;
  return [nowMs, nowMs + DAY_MS].map((ms) => new Date(ms).toISOString().slice(0, 10));
}

function verdictOf(days: readonly Day[], orderIds: readonly string[]): Verdict {
  const distinct = new Set(orderIds).size;
  const [first, second] = days;
  const problems = [
    ...days.flatMap((day) => problemsOfDay(day, orderIds.length, distinct)),
    ...(second && outcomes(second, 'joined') !== distinct
      ? [`${second.date}: ${outcomes(second, 'joined')} joined instead of ${distinct}`]
      : []),
  ];
  return {
    holds: problems.length === 0,
    says: `${first?.lines} lines in the ledger after the first day, ${second?.lines} after the second: each payment was joined`,
    details: days.map(story),
    problems,
  };
}

function problemsOfDay({ date, batch, lines }: Day, total: number, distinct: number): string[] {
  const { success, failed, duplicate, max_in_flight: inFlight } = batch;
  const told = [
    success === distinct || `${success} done instead of ${distinct}`,
    success + failed + duplicate === total ||
      `${success} done + ${failed} failed + ${duplicate} duplicates are not ${total}`,
    inFlight <= DEFAULT_MAX_CONCURRENT ||
      `${inFlight} in flight instead of ${DEFAULT_MAX_CONCURRENT} at most`,
    lines === 2 * distinct || `${lines} lines in the ledger instead of ${2 * distinct}`,
  ];
  return told.filter((text) => typeof text === 'string').map((text) => `${date}: ${text}`);
}

function story(day: Day): string {
  const { success, failed, duplicate, total, max_in_flight: inFlight } = day.batch;
  const how = `${outcomes(day, 'started')} started, ${outcomes(day, 'joined')} joined, ${inFlight} in flight at the most`;
  return `${day.date}  ${success} done + ${failed} failed + ${duplicate} duplicates = ${total}; ${how}`;
}

function outcomes({ batch }: Day, outcome: NonNullable<BatchEntry['outcome']>): number {
  return batch.results.filter((entry) => entry.outcome === outcome).length;
}
