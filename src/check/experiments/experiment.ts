import type { RuleId } from '../contract/index.ts';
import { type Findings, isSuccess, told } from '../findings.ts';
import type { Settings } from '../options.ts';
import type { Probe } from '../probe.ts';
import type { Asked } from '../request.ts';
import type { Answer } from '../wire/answer.ts';

/** Looks at one rule, or at a few that one try shows together. */
export interface Experiment {
  readonly rules: readonly RuleId[];
  /** Looked at however late it is. */
  readonly isQuick?: true;
  /** @throws {UntestableError} */
  run(probe: Probe): Promise<Findings>;
}

/** The rule cannot be looked at here; the message says why. */
export class UntestableError extends Error {
  override readonly name = 'UntestableError';
}

/** A first request that succeeds, under a key that nobody has used. */
export async function begin(
  probe: Probe,
  asked: Asked = {},
): Promise<{ readonly key: string; readonly first: Answer }> {
  const key = probe.newKey();
  const first = await probe.ask({ key, ...asked });
  if (!isSuccess(first)) {
    throw new UntestableError(
      `its first request was answered ${told(first)}: is there money left?`,
    );
  }
  return { key, first };
}

/** Whether the account holds less than so many effects take; false where that cannot be known. */
export async function isSpent(
  { reader, facts: { cost } }: Probe,
  effects: number,
): Promise<boolean> {
  if (reader === undefined || cost === undefined) return false;
  const left = await reader.read().catch(() => Infinity);
  return left < effects * cost;
}

export function requireAmount({ amount }: Settings): NonNullable<Settings['amount']> {
  if (amount !== undefined) return amount;
  throw new UntestableError('the body has no number as its amount: see --body and --amount-field');
}

export function requireAccount({ account }: Settings): NonNullable<Settings['account']> {
  if (account !== undefined) return account;
  throw new UntestableError('the body has no account: see --body and --account-field');
}

export function requireHeaderKey({ key }: Settings): Extract<Settings['key'], { in: 'header' }> {
  if (key.in === 'header') return key;
  throw new UntestableError('the key is in the path');
}

export function requirePathKey({ key }: Settings): void {
  if (key.in === 'path') return;
  throw new UntestableError('the key is in a header');
}
