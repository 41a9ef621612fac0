import type { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import type { Config } from '#config';
import { startHouse } from '#server';
import { type Fee, type FeeProgress, postDurableFee, postNaiveFee } from '#systems/fees';
import { type Evidence, holdActivityUntilOpen, recordAttempts, type Verdict } from '#testkit';
import {
  type BatchRow,
  type CreateDemoAccounts,
  createFeeSide,
  type FeeSide,
  type OnDemoProgress,
  type RowAnswers,
} from './fee-side.ts';
import { accountsTable, batchTable, clientsTable } from './fee-tables.ts';
import { proveFees } from './fee-verdict.ts';
import { type LostAcknowledgement, loseAcknowledgement } from './lost-acknowledgement.ts';

export interface FeeDemoOptions {
  readonly config: Config;
  readonly temporal: { readonly client: Client; readonly nativeConnection: NativeConnection };
  readonly orders: readonly Fee[];
  /** Opening balances in cents, by account ID. */
  readonly balancesCents: ReadonlyMap<string, number>;
  /** How many clients ask for each row at the same moment. */
  readonly clients: number;
  /** How long each deduction waits before it reads the balance: from, to, in milliseconds. */
  readonly delayMs: readonly [number, number];
  readonly onProgress?: OnDemoProgress;
  /** Where the accounts of the durable side live; in memory unless told. */
  readonly createDurableAccounts?: CreateDemoAccounts;
  /** The first order is proven on its own, before the rest of the batch is sent. */
  readonly onFirstProof?: (verdict: Verdict) => void;
}

/** What the demo found, in the order in which it is told. */
export interface FeeDemo {
  /** The control: every request takes the fee. */
  readonly naive: Evidence;
  /** The claim, with the verdict. */
  readonly durable: Evidence;
  /** What a workflow ID alone does not guard, and the key does. */
  readonly lostAcknowledgement: LostAcknowledgement;
}

/** A client has got a run for its fee. */
export type FeeRun = Extract<FeeProgress, { readonly event: 'run' }>;

/**
 * The fee experiment on a batch of orders: every row is asked for by several clients at once, first at the
 * naive endpoint, then, on a fresh copy of the same accounts, at the durable one.
 *
 * Overlap is made where the effect is decided: the naive deduction waits until all clients of its row are
 * there, the activity until all have joined its run.
 */
export async function runFeeDemo(options: FeeDemoOptions): Promise<FeeDemo> {
  const naive = createFeeSide('naive', options, (gate) => gate.arrive());
  const createAccounts = options.createDurableAccounts;
  const durable = createFeeSide('durable', { ...options, createAccounts }, holdActivityUntilOpen);
  const { recorder } = durable;

  const answers = await askBoth(naive, durable, options);
  recorder.table(batchTable(answers.naive, answers.durable));
  recorder.table(clientsTable(options.orders, answers.naive, answers.durable));
  recorder.table(await accountsTable(options, naive.accounts, durable.accounts));
  // Only now, when the worker of the batch is gone: each has a thread and a memory of its own.
  const lostAcknowledgement = await loseAcknowledgement(options);
  return { naive: naive.recorder.evidence(), durable: recorder.evidence(), lostAcknowledgement };
}

interface Answers {
  readonly naive: RowAnswers[];
  readonly durable: RowAnswers[];
}

async function askBoth(
  naive: FeeSide,
  { accounts, recorder, arrived, send }: FeeSide,
  options: FeeDemoOptions,
): Promise<Answers> {
  const answers: Answers = { naive: [], durable: [] };
  const runs: FeeRun[] = [];
  await using house = await startHouse({
    // A limit of the environment would refuse the orders of the experiment.
    config: { ...options.config, newKeysPerMinute: undefined },
    temporal: options.temporal,
    accounts,
    naiveAccounts: naive.accounts,
    interceptors: recordAttempts(recorder, 'worker 1'),
    onProgress(progress) {
      if (progress.event !== 'run') return;
      runs.push(progress);
      arrived(progress.fee.orderId);
    },
  });
  const ask = async (rows: readonly BatchRow[]) => {
    answers.naive.push(...(await naive.send(rows, (fee) => postNaiveFee(house.url, fee))));
    answers.durable.push(...(await send(rows, (fee) => postDurableFee(house.url, fee))));
    const durableAnswers = answers.durable;
    return await proveFees({ ...options, accounts, recorder, runs, durableAnswers });
  };

  const [first, rest] = firstOrder(options.orders);
  const firstVerdict = await ask(first);
  options.onFirstProof?.(firstVerdict);
  recorder.verdict(rest.length === 0 ? firstVerdict : await ask(rest));
  return answers;
}

/** The rows of the first order, and the rows of all others. */
function firstOrder(orders: readonly Fee[]): readonly [BatchRow[], BatchRow[]] {
  const rows = orders.map((fee, index) => ({ fee, row: index + 1 }));
  const isFirst = ({ fee }: BatchRow) => fee.orderId === orders[0]?.orderId;
  return [rows.filter(isFirst), rows.filter((row) => !isFirst(row))];
}
