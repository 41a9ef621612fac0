import { setImmediate } from 'node:timers/promises';

/** One line of the bank's book. */
export interface Entry {
  /** Counted from 1. */
  readonly id: number;
  readonly account: string;
  /** Whole euros; a fee is negative. */
  readonly amount: number;
  /** What the account holds after it. */
  readonly balance: number;
  readonly key?: string;
}

export interface PostOptions {
  /** The bank writes one entry for a key, and answers with it ever after. */
  readonly key?: string;
}

/** Something that the bank was asked for. */
export interface Asking {
  readonly account: string;
  readonly amount: number;
  readonly key?: string;
  /** `known`: the bank knew the key, and wrote nothing. */
  readonly came: 'written' | 'known' | 'declined';
  /** What the account holds after it. */
  readonly balance: number;
}

/**
 * A bank with accounts of whole euros, and a book that nobody else can write in: what an exercise counts is here, and
 * not in what the code under test says of itself.
 */
export interface Bank {
  open(account: string, balance: number): void;
  /**
   * Writes an entry.
   *
   * @throws {DeclinedError} the account holds less than the fee; nothing was written
   * @throws {BankDownError} where `beDownOnce` said so; nothing was written
   * @throws {AnswerLostError} where `loseNextAnswer` said so; the entry *was* written
   */
  post(account: string, amount: number, options?: PostOptions): Promise<Entry>;
  balance(account: string): number;
  entries(account?: string): readonly Entry[];
  /** How often it was asked, whatever came of it. */
  asked(): number;
  /** The next request is carried out, and its answer does not arrive. */
  loseNextAnswer(): void;
  /** The next request is not carried out. */
  beDownOnce(): void;
}

/** A definite no. */
export class DeclinedError extends Error {
  override name = 'DeclinedError';
}

/** Nothing happened. */
export class BankDownError extends Error {
  override name = 'BankDownError';
}

/** It happened, and whoever asked cannot know. */
export class AnswerLostError extends Error {
  override name = 'AnswerLostError';
}

/** @param onAsked hears of every request that the bank has understood */
export function createBank(onAsked: (asking: Asking) => void = () => {}): Bank {
  const balances = new Map<string, number>();
  const book: Entry[] = [];
  const known = new Map<string, Entry>();
  let asked = 0;
  let trouble: 'none' | 'lost' | 'down' = 'none';

  const write = (account: string, amount: number, key?: string): Entry => {
    const before = balances.get(account);
    if (before === undefined) throw new DeclinedError(`No account "${account}"`);
    const told = { account, amount, ...(key !== undefined && { key }) };
    const earlier = key === undefined ? undefined : known.get(key);
    if (earlier) {
      onAsked({ ...told, came: 'known', balance: before });
      return earlier;
    }
    const balance = before + amount;
    if (balance < 0) {
      onAsked({ ...told, came: 'declined', balance: before });
      throw new DeclinedError(`"${account}" holds ${before}, and ${-amount} were asked for`);
    }
    const entry = { id: book.length + 1, ...told, balance };
    balances.set(account, balance);
    book.push(entry);
    if (key !== undefined) known.set(key, entry);
    onAsked({ ...told, came: 'written', balance });
    return entry;
  };

  return {
    open: (account, balance) => void balances.set(account, balance),
    async post(account, amount, { key } = {}) {
      asked += 1;
      const now = trouble;
      trouble = 'none';
      // A request takes its time: whoever asks meanwhile asks a second time.
      await setImmediate();
      if (now === 'down') throw new BankDownError('The bank cannot be reached: nothing happened');
      const entry = write(account, amount, key);
      await setImmediate();
      if (now === 'lost') throw new AnswerLostError('No answer from the bank');
      return entry;
    },
    balance: (account) => balances.get(account) ?? 0,
    entries: (account) =>
      book.filter((entry) => account === undefined || entry.account === account),
    asked: () => asked,
    loseNextAnswer: () => void (trouble = 'lost'),
    beDownOnce: () => void (trouble = 'down'),
  };
}
