import pLimit from 'p-limit';
import {
  type AccountStore,
  createMemoryAccountStore,
  type Fee,
  type FeeAnswer,
  type PendingDeduction,
  randomDelay,
} from '#systems/fees';
import { type Barrier, concurrently, createRecorder, type Recorder } from '#testkit';

/** How many orders are under way at a time, each with all its clients. */
const ORDERS_AT_ONCE = 8;

const CLAIMS = {
  naive: 'Through the naive endpoint every request takes the fee.',
  durable: 'However often it is asked for, an order pays its fee once.',
};

export interface DemoProgress {
  readonly side: keyof typeof CLAIMS;
  /** Rows of the batch that have been answered. */
  readonly done: number;
  readonly of: number;
}

export type OnDemoProgress = (progress: DemoProgress) => void;

/** What each client of one row of the batch got. */
export interface RowAnswers extends BatchRow {
  readonly answers: readonly FeeAnswer[];
}

/** One of the two endpoints, with accounts of its own. */
export interface FeeSide {
  readonly accounts: AccountStore;
  readonly recorder: Recorder;
  /** One more client of this order is there. */
  arrived(orderId: string): void;
  /** Sends a part of the batch. Rows of one order follow each other, as they stand in the file. */
  send(
    rows: readonly BatchRow[],
    post: (fee: Fee) => Promise<FeeAnswer>,
  ): Promise<readonly RowAnswers[]>;
}

export interface BatchRow {
  readonly fee: Fee;
  /** Counted from 1, in the order of the file. */
  readonly row: number;
}

interface SideOptions {
  readonly orders: readonly Fee[];
  readonly balancesCents: ReadonlyMap<string, number>;
  readonly clients: number;
  readonly delayMs: readonly [number, number];
  readonly onProgress?: OnDemoProgress;
  readonly createAccounts?: CreateDemoAccounts | undefined;
}

/** Accounts with the opening balances of the demo, which wait like this before each deduction. */
export type CreateDemoAccounts = (
  beforeDeducting: (pending: PendingDeduction) => Promise<void>,
) => AccountStore;

/** @param hold what a deduction does at the gate of its row before it waits its random delay */
export function createFeeSide(
  side: keyof typeof CLAIMS,
  options: SideOptions,
  hold: (gate: Barrier) => Promise<void>,
): FeeSide {
  const recorder = createRecorder(CLAIMS[side]);
  const gates = new Map<string, Barrier>();
  const delay = randomDelay(...options.delayMs);
  let done = 0;
  const { balancesCents, createAccounts = inMemory(balancesCents) } = options;
  const accounts = createAccounts(async ({ orderId }) => {
    const gate = gates.get(orderId);
    if (gate) await hold(gate);
    await delay();
  });

  recorder.before({ accounts: accountsOf(balancesCents) });

  async function sendRow(fee: Fee, row: number, post: (fee: Fee) => Promise<FeeAnswer>) {
    const about = `row ${row}, order ${fee.orderId}`;
    const gate = recorder.gate(about, options.clients);
    gates.set(fee.orderId, gate);
    try {
      const answers = await concurrently(options.clients, async ({ name, barrier }) => {
        await barrier.arrive();
        return await recorder.request({ client: name, about }, () => post(fee));
      });
      return { fee, row, answers };
    } catch (error) {
      gate.break(error);
      throw error;
    }
  }

  return {
    accounts,
    recorder,
    arrived: (orderId) =>
      void gates
        .get(orderId)
        ?.arrive()
        .catch(() => {}),
    async send(rows, post) {
      const answers = await eachOrder(rows, async ({ fee, row }) => {
        const answered = await sendRow(fee, row, post);
        done += 1;
        options.onProgress?.({ side, done, of: options.orders.length });
        return answered;
      });
      recorder.after({ accounts: await accounts.accounts() });
      recorder.effects(await accounts.effects());
      return answers;
    },
  };
}

function inMemory(balancesCents: ReadonlyMap<string, number>): CreateDemoAccounts {
  return (beforeDeducting) => createMemoryAccountStore({ balancesCents, beforeDeducting });
}

async function eachOrder(
  rows: readonly BatchRow[],
  send: (row: BatchRow) => Promise<RowAnswers>,
): Promise<readonly RowAnswers[]> {
  const answers: RowAnswers[] = [];
  const limit = pLimit(ORDERS_AT_ONCE);
  await Promise.all(
    [...rowsByOrder(rows).values()].map((rowsOfOrder) =>
      limit(async () => {
        for (const row of rowsOfOrder) answers.push(await send(row));
      }),
    ),
  );
  return answers.toSorted((one, other) => one.row - other.row);
}

function rowsByOrder(rows: readonly BatchRow[]): Map<string, BatchRow[]> {
  const groups = new Map<string, BatchRow[]>();
  for (const row of rows) {
    const group = groups.get(row.fee.orderId) ?? [];
    group.push(row);
    groups.set(row.fee.orderId, group);
  }
  return groups;
}

function accountsOf(balancesCents: ReadonlyMap<string, number>) {
  return [...balancesCents].map(([accountId, balanceCents]) => ({ accountId, balanceCents }));
}
