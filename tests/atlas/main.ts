/**
 * Executes the atlas on a dev server of its own, and writes `fixtures/atlas/*.json` and the tables of
 * `tests/chapters/README.md`.
 *
 * npm run atlas [-- --check] [-- NAME …]
 *
 * With --check nothing is written: each cell that differs from the committed one is printed, and the exit code is 1.
 */

import pLimit from 'p-limit';
import { type ExecutedOn, readExecutedOn } from '#atlas';
import { connectTest, startTestServer, type TestServer } from '#testkit';
import { readFlags } from '../house/flags.ts';
import { TEST_SERVER } from '../setup.ts';
import { cellsPathOf, differences, readCells, writeCells } from './cells.ts';
import { lookAtParts, partsInWords, writeExecutedOn } from './executed-on.ts';
import { writeAtlasPage } from './render.ts';
import type { AtlasCell, AtlasTable } from './table.ts';
import { ATLAS_TABLES } from './tables.ts';

/** More do not end sooner on two cores. */
const AT_ONCE = 2;

interface Executed {
  readonly table: AtlasTable;
  readonly cells: readonly AtlasCell[];
}

const { values, positionals } = readFlags({
  allowPositionals: true,
  options: { check: { type: 'boolean' } },
});
process.exitCode = await main(positionals);

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !ATLAS_TABLES.some((table) => table.name === name));
  if (unknown.length > 0) {
    say(`No table "${unknown.join(', ')}": there are ${ATLAS_TABLES.map(nameOf).join(', ')}`);
    return 2;
  }

  const chosen = ATLAS_TABLES.filter(({ name }) => names.length === 0 || names.includes(name));
  const { executed, parts } = await executeAll(chosen);
  tellParts(parts);
  if (values.check) return check(executed);

  for (const { table, cells } of executed) writeCells(table, cells);
  // One table alone does not tell what the others were executed on.
  if (chosen.length === ATLAS_TABLES.length) writeExecutedOn(parts);
  writeAtlasPage();
  return 0;
}

/** Another version is no difference by itself: what it does otherwise is one. */
function tellParts(parts: ExecutedOn): void {
  const [before, now] = [readExecutedOn(), parts].map(partsInWords);
  if (before !== now) say(`Executed on: ${now}; the atlas was on: ${before}`);
}

interface AllExecuted {
  readonly executed: readonly Executed[];
  readonly parts: ExecutedOn;
}

async function executeAll(tables: readonly AtlasTable[]): Promise<AllExecuted> {
  await using started = await startTestServer(TEST_SERVER);
  await using temporal = await connectTest(started.testServer);
  const parts = await lookAtParts(temporal);
  const inTurn = pLimit(AT_ONCE);
  // All of them end before the server does: a call on a connection that closes throws where nobody can catch it.
  const endings = await Promise.allSettled(
    tables.map((table) => inTurn(() => execute(table, started.testServer))),
  );
  const failed = endings.find((ending) => ending.status === 'rejected');
  if (failed) throw failed.reason;
  const executed = endings.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  return { executed, parts };
}

async function execute(table: AtlasTable, testServer: TestServer): Promise<Executed> {
  const began = performance.now();
  await using temporal = await connectTest(testServer);
  const cells = await table.execute({ temporal, testServer });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  say(`${table.name}: ${cells.length} cells in ${seconds} s`);
  return { table, cells };
}

function check(executed: readonly Executed[]): number {
  const changed = executed.flatMap(({ table, cells }) =>
    differences(readCells(table), cells).map((line) => `${cellsPathOf(table)} ${line}`),
  );
  for (const line of changed) say(line);
  say(
    changed.length === 0
      ? 'The server does what the atlas says'
      : 'The server does otherwise: - is committed, + is what it did. If that is right, run "npm run atlas"',
  );
  return changed.length === 0 ? 0 : 1;
}

function nameOf({ name }: AtlasTable): string {
  return name;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
