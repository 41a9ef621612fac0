import type { Effect } from '#idempotency';
import { type Barrier, createBarrier } from './barrier.ts';
import type {
  AttemptRecord,
  Evidence,
  GateRecord,
  LedgerRecord,
  Moment,
  RequestRecord,
  Table,
  Verdict,
} from './evidence.ts';

/** What a call may tell of its answer; the recorder keeps what is there. */
export interface Answered {
  readonly outcome?: string;
  readonly status?: number;
  readonly runId?: string;
}

/** Notes what happens in an experiment, in the order in which it happens. */
export interface Recorder {
  /** Makes a request and notes when it was sent, when it was answered, and how. A failure is noted and thrown on. */
  request<T extends Answered>(
    from: string | Pick<RequestRecord, 'client' | 'about'>,
    call: () => Promise<T>,
  ): Promise<T>;
  /** A barrier whose opening is noted: the place where the effect is decided waits there for all parties. */
  gate(name: string, parties: number): Barrier;
  /** Notes an attempt of an activity while it runs. See `recordAttempts`. */
  attempt<T>(of: AttemptOf, run: () => Promise<T>): Promise<T>;
  /** Notes what the receiver of the effects was asked for, and what came of it. */
  ledger(asking: Omit<LedgerRecord, 'asked'>): void;
  /** Notes the state of the world before the experiment. */
  before(state: Readonly<Record<string, unknown>>): void;
  after(state: Readonly<Record<string, unknown>>): void;
  /** Notes the ledger as it is now; a later call replaces it. */
  effects(effects: readonly Effect[]): void;
  table(table: Table): void;
  verdict(verdict: Verdict): void;
  /** All that was noted so far. */
  evidence(): Evidence;
}

export type AttemptOf = Pick<
  AttemptRecord,
  'activity' | 'attempt' | 'workflowId' | 'runId' | 'worker'
>;

export function createRecorder(claim: string): Recorder {
  const clock = createClock();
  const requests: Mutable<RequestRecord>[] = [];
  const attempts: Mutable<AttemptRecord>[] = [];
  const gates: (() => GateRecord)[] = [];
  const ledger: LedgerRecord[] = [];
  const tables: Table[] = [];
  const rest: Mutable<Pick<Evidence, 'effects' | 'before' | 'after' | 'verdict'>> = {
    effects: [],
    before: {},
    after: {},
    verdict: undefined,
  };

  return {
    async request(from, call) {
      const sender = typeof from === 'string' ? { client: from } : from;
      const record: Mutable<RequestRecord> = { ...sender, sent: clock() };
      requests.push(record);
      return await noteRequest(record, clock, call);
    },
    gate(name, parties) {
      let opened: Moment | undefined;
      const barrier = createBarrier(parties, { onOpen: () => (opened = clock()) });
      gates.push(() => ({ name, parties, arrivals: barrier.arrivals, ...(opened && { opened }) }));
      return barrier;
    },
    async attempt(of, run) {
      const record: Mutable<AttemptRecord> = { ...of, started: clock() };
      attempts.push(record);
      return await noteAttempt(record, clock, run);
    },
    ledger: (asking) => void ledger.push({ ...asking, asked: clock() }),
    before: (state) => void (rest.before = state),
    after: (state) => void (rest.after = state),
    effects: (effects) => void (rest.effects = effects),
    table: (table) => void tables.push(table),
    verdict: (verdict) => void (rest.verdict = verdict),
    evidence: () =>
      structuredClone({
        claim,
        requests,
        attempts,
        ledger,
        gates: gates.map((gate) => gate()),
        tables,
        ...rest,
      }),
  };
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

async function noteRequest<T extends Answered>(
  record: Mutable<RequestRecord>,
  clock: () => Moment,
  call: () => Promise<T>,
): Promise<T> {
  try {
    const answer = await call();
    record.answered = clock();
    record.outcome = answer.outcome ?? String(answer.status ?? 'answered');
    if (answer.runId !== undefined) record.runId = answer.runId;
    record.answer = plain(answer);
    return answer;
  } catch (error) {
    record.answered = clock();
    record.outcome = error instanceof Error ? error.name : 'Error';
    throw error;
  }
}

async function noteAttempt<T>(
  record: Mutable<AttemptRecord>,
  clock: () => Moment,
  run: () => Promise<T>,
): Promise<T> {
  try {
    const result = await run();
    record.how = 'completed';
    return result;
  } catch (error) {
    record.how = 'failed';
    record.error = error instanceof Error ? error.message : String(error);
    throw error;
  } finally {
    record.ended = clock();
  }
}

/**
 * Answers may hold functions and handles; evidence is plain data. What has no JSON form, such as a cycle,
 * is left out: the request has succeeded all the same.
 */
function plain(answer: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(answer) ?? 'null');
  } catch {
    return null;
  }
}

function createClock(): () => Moment {
  let order = 0;
  return () => ({ order: ++order, at: Date.now() });
}
