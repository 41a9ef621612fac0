import type { Effect } from '#idempotency';

/**
 * What happened in one experiment, as plain data: the terminal, the book and the tests read the same
 * record. It survives `JSON.stringify`.
 */
export interface Evidence {
  /** The sentence that this experiment supports. */
  readonly claim: string;
  readonly requests: readonly RequestRecord[];
  readonly attempts: readonly AttemptRecord[];
  readonly gates: readonly GateRecord[];
  /** What the receiver of the effects was asked for, where it tells, in the order in which it was. */
  readonly ledger: readonly LedgerRecord[];
  /** The ledger, as the store tells it. */
  readonly effects: readonly Effect[];
  /** The state of the world before and after, as the experiment tells it. */
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
  /** What a reader should see side by side. */
  readonly tables: readonly Table[];
  readonly verdict: Verdict | undefined;
}

/** When something happened, told twice: `order` is for asserting, `at` only for drawing. */
export interface Moment {
  /** Position among all moments of the same recorder: a smaller one came first. */
  readonly order: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface RequestRecord {
  readonly client: string;
  /** What it asked for, where an experiment asks for many things: an order ID. */
  readonly about?: string;
  readonly sent: Moment;
  /** Absent while the request is in flight. */
  readonly answered?: Moment;
  /** `started`, `joined`, `200`, … or the name of the error. */
  readonly outcome?: string;
  readonly runId?: string;
  readonly answer?: unknown;
}

export interface AttemptRecord {
  readonly activity: string;
  readonly attempt: number;
  readonly workflowId: string;
  readonly runId: string;
  readonly worker: string;
  readonly started: Moment;
  /** Absent while it runs, and for ever where its process was killed. */
  readonly ended?: Moment;
  readonly how?: 'completed' | 'failed';
  readonly error?: string;
}

/** One thing that the receiver of effects was asked for. */
export interface LedgerRecord {
  readonly asked: Moment;
  /** What for: `−10`. */
  readonly what: string;
  /** `known`: it knew the key, and wrote nothing. */
  readonly came: 'written' | 'known' | 'declined';
  /** Whose it is: an account. */
  readonly about?: string;
  readonly key?: string;
  /** What is left after it: a balance. */
  readonly left?: number;
}

/** A place where the effect was held back until everybody was there. */
export interface GateRecord {
  readonly name: string;
  readonly parties: number;
  readonly arrivals: number;
  /** Absent for a gate that never opened. */
  readonly opened?: Moment;
}

/** Cells that are numbers are set to the right. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export interface Verdict {
  readonly holds: boolean;
  /** The proof in one line where it holds. */
  readonly says: string;
  /** Where to look it up: run ID, ledger line. */
  readonly details: readonly string[];
  /** What broke, where it does not. */
  readonly problems: readonly string[];
}
