import {
  executePolicies,
  POLICY_QUESTIONS,
  type PolicyCell,
  PRIORS,
  type Prior,
  policyWorkerOptions,
} from '#atlas';
import { table } from '../house/render/region.ts';
import { groupedBy } from './grouped.ts';
import type { AtlasCell, AtlasTable } from './table.ts';

/** Every policy for an ID, against everything that can be under it, for every call that starts a workflow. */
export const policies: AtlasTable<PolicyCell & AtlasCell> = {
  name: 'policies',
  title: 'Policies: what happens to an ID that is used again',
  async execute({ temporal }) {
    await using _worker = await temporal.runWorker(policyWorkerOptions(temporal));
    const cells = await executePolicies(temporal, POLICY_QUESTIONS);
    return cells.map((cell) => ({ ...cell }));
  },
  render: (cells) =>
    groupedBy(cells, ({ api }) => api)
      .map((ofApi) => `**\`${ofApi[0]?.api}\`**\n\n${table(HEAD, rowsOf(ofApi))}`)
      .join('\n\n'),
};

const WORDS: Readonly<Record<PolicyCell['outcome'], string>> = {
  new: 'new run',
  existing: 'existing run',
  'already-started': 'refused',
  'invalid-argument': 'invalid',
};

const COLUMNS: Readonly<Record<Prior, string>> = {
  none: 'none',
  running: 'running',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  terminated: 'terminated',
  timedOut: 'timed out',
  continuedAsNew: 'continued as new',
  continuedAsNewThenCompleted: 'continued, completed',
};

const HEAD = ['reuse policy', 'conflict policy', ...PRIORS.map((prior) => COLUMNS[prior])];

interface Row {
  readonly reuses: readonly string[];
  readonly conflicts: readonly string[];
  readonly words: readonly string[];
}

/** Policies that come to the same share a row: first the conflict policies of a reuse policy, then the reuse policies. */
function rowsOf(cells: readonly PolicyCell[]): readonly (readonly string[])[] {
  const byConflict = groupedBy(cells, ({ reuse }) => reuse).flatMap((ofReuse) => {
    const rows = groupedBy(ofReuse, ({ conflict }) => conflict).map(rowOf);
    return merged(rows, ({ words }) => words.join());
  });
  const rows = merged(byConflict, ({ conflicts, words }) => [...conflicts, ...words].join());
  return rows.map(({ reuses, conflicts, words }) => [listed(reuses), listed(conflicts), ...words]);
}

function rowOf(cells: readonly PolicyCell[]): Row {
  return {
    reuses: cells.slice(0, 1).map(({ reuse }) => reuse),
    conflicts: cells.slice(0, 1).map(({ conflict }) => conflict),
    words: cells.map(wordsOf),
  };
}

function merged(rows: readonly Row[], keyOf: (row: Row) => string): readonly Row[] {
  return groupedBy(rows, keyOf).map((same) => ({
    reuses: [...new Set(same.flatMap(({ reuses }) => reuses))],
    conflicts: [...new Set(same.flatMap(({ conflicts }) => conflicts))],
    words: same[0]?.words ?? [],
  }));
}

function wordsOf({ outcome, oldTerminated }: PolicyCell): string {
  return oldTerminated ? `${WORDS[outcome]}, old one terminated` : WORDS[outcome];
}

function listed(names: readonly string[]): string {
  return names.map((name) => (name === 'unset' ? name : `\`${name}\``)).join('<br>');
}
