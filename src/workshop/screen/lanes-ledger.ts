import type { Evidence, LedgerRecord } from '#testkit';
import type { Lane, Mark } from './lanes-place.ts';
import type { Look, Signs } from './look.ts';
import { cut } from './text.ts';

type Ledger = Evidence['ledger'];

/** One lane for the ledger; one for each account where there are two. */
export function ledgerLanes(ledger: Ledger, look: Look, signs: Signs): readonly Lane[] {
  if (ledger.length === 0) return [];
  const accounts = accountsOf(ledger);
  const marks = (records: Ledger) => records.map((record) => markOf(record, look, signs));
  if (accounts.length !== 2) {
    return [{ label: 'ledger', marks: marks(ledger), tail: accounts.length === 1 }];
  }
  return accounts.map((account) => ({
    label: cut(signs.text(`ledger ${account ?? ''}`), 20, signs.more),
    marks: marks(ledger.filter(({ about }) => about === account)),
  }));
}

/** `balance  100 → 90 → 80`, and shorter ways to say it; nothing where the ledger does not tell what is left. */
export function balancesOf(ledger: Ledger, { arrow, more }: Signs): readonly string[] {
  const written = ledger.filter(({ came }) => came === 'written');
  const [first] = written;
  if (first?.left === undefined) return [];
  const before = numberIn(first.what);
  const all = [
    ...(before === undefined ? [] : [first.left - before]),
    ...written.map(({ left }) => left ?? more),
  ];
  const chain = (values: readonly (string | number)[]) =>
    `balance  ${values.join(` ${arrow} `)}`.trimEnd();
  const ends = [...all.slice(0, 2), more, ...all.slice(-1)];
  return all.length > 4 ? [chain(all), chain(ends)] : [chain(all)];
}

function markOf({ asked, what, came }: LedgerRecord, { colour }: Look, signs: Signs): Mark {
  const { order } = asked;
  if (came === 'written') return { order, sign: signs.written, text: signs.text(what) };
  if (came === 'known') {
    return { order, sign: signs.known, text: 'key known', paint: colour.good };
  }
  return { order, sign: signs.declined, text: 'declined', paint: colour.limit };
}

function accountsOf(ledger: Ledger): readonly (string | undefined)[] {
  return [...new Set(ledger.map(({ about }) => about))];
}

/** `−10` as a number. */
function numberIn(what: string): number | undefined {
  const number = Number(what.replace('−', '-').replace('+', ''));
  return Number.isFinite(number) ? number : undefined;
}
