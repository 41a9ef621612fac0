import pLimit from 'p-limit';
import { type ExploredTable, WINDOWS } from '#testkit';
import { table } from '../house/render/region.ts';
import { PATIENT } from './crash-how.ts';
import { CRASH_PLANS, type CrashPlan } from './crash-plans.ts';
import { groupedBy } from './grouped.ts';
import type { AtlasCell, AtlasTable } from './table.ts';

interface CrashCell extends AtlasCell {
  readonly system: string;
  readonly how: CrashPlan['how'];
  readonly scenario: string;
  readonly activity: string;
  readonly window: string;
  /** As `explore` says it. */
  readonly outcome: string;
}

/** What the explorer finds in each system: where its twin without keys breaks, and where it does not itself. */
export const crashes: AtlasTable<CrashCell> = {
  name: 'crashes',
  title: 'Crashes: each system, naive beside durable',
  async execute({ temporal }) {
    // Each has lanes of its own, of which one waits for the server's timeouts.
    const inTurn = pLimit(2);
    const explored = await Promise.all(
      CRASH_PLANS.map((plan) =>
        inTurn(async () => crashCellsOf(plan, await plan.explored(temporal, PATIENT))),
      ),
    );
    return explored.flat();
  },
  render: (cells) =>
    groupedBy(cells, ({ system }) => system)
      .map((ofSystem) => `**${ofSystem[0]?.system}**\n\n${tableOf(ofSystem)}`)
      .join('\n\n'),
};

export function crashCellsOf(
  { system, how }: CrashPlan,
  { rows, baselines }: ExploredTable,
): readonly CrashCell[] {
  const stuck = baselines.find(({ ending }) => ending === 'stuck');
  if (stuck) throw new Error(`${system}, ${how}: "${stuck.scenario}" is stuck without a fault`);
  return rows.flatMap(({ scenario, activity, cells }) =>
    cells.map(({ window, outcome, evidence }) => ({
      system,
      how,
      scenario,
      activity,
      window,
      outcome,
      runIds: [...new Set(evidence.attempts.map(({ runId }) => runId))],
    })),
  );
}

function tableOf(cells: readonly CrashCell[]): string {
  const windows = WINDOWS.filter((window) => cells.some((cell) => cell.window === window));
  const rows = groupedBy(cells, ({ how, scenario, activity }) => [how, scenario, activity].join());
  return table(
    ['', 'scenario', 'activity', ...windows],
    rows.map((row) => [
      row[0]?.how ?? '',
      row[0]?.scenario ?? '',
      row[0]?.activity ?? '',
      ...windows.map((window) => emphasised(row.find((cell) => cell.window === window))),
    ]),
  );
}

/** A local activity has no cell in some windows. */
function emphasised(cell: CrashCell | undefined): string {
  if (cell === undefined) return '';
  return cell.outcome === 'one' ? 'one' : `**${cell.outcome}**`;
}
