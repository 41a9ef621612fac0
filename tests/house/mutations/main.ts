/**
 * Breaks the project on purpose, one promise at a time, and shows that a chapter notices each: the very test that a claim
 * names, where it is the promise of a claim.
 *
 * npm run mutate [-- PART OF A NAME] [--green] [--totals FILE]
 *
 * First the chapters run with nothing broken. With --green they have just been seen green, and are not run again.
 */
import { writeFileSync } from 'node:fs';
import { readFlags } from '../flags.ts';
import { type Bench, createBench } from './bench.ts';
import type { Mutant } from './mutant.ts';
import { MUTANTS } from './table.ts';
import { undecided, type Verdict } from './verdict.ts';

const LIMIT_MS = 60_000;
/** More do not end sooner on two cores: each has a server and a test run to itself. */
const AT_ONCE = 2;

const { values, positionals } = readFlags({
  allowPositionals: true,
  options: { green: { type: 'boolean' }, totals: { type: 'string' } },
});
const interrupted = new AbortController();
// Not `once`: with nobody else to hear a signal, a library's listener ends the process before its servers are ended.
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => interrupted.abort());
}
process.exitCode = await main(positionals[0] ?? '');

async function main(part: string): Promise<number> {
  const chosen = MUTANTS.filter(({ name }) => name.includes(part));
  if (chosen.length === 0) {
    say(`No mutant has "${part}" in its name. The names:\n${MUTANTS.map(nameOf).join('\n')}`);
    return 2;
  }

  const options = { limitMs: LIMIT_MS, signal: interrupted.signal };
  await using bench = await createBench(options);
  const green = values.green || (await isGreen(bench, chosen, part));
  if (interrupted.signal.aborted) return 130;
  if (!green) {
    writeTotals({ passed: 0, failed: chosen.length });
    return 1;
  }

  await using second = await createBench(options);
  const verdicts = await runAll(chosen, [bench, second].slice(0, AT_ONCE));
  if (interrupted.signal.aborted) return 130;

  const killed = verdicts.filter(({ how }) => how === 'killed').length;
  const left = verdicts.length - killed;
  say(`${verdicts.length} mutants: ${killed} killed, ${left} survived`);
  writeTotals({ passed: killed, failed: left });
  return left === 0 ? 0 : 1;
}

/** A chapter that is red anyway cannot tell that something was broken. */
async function isGreen(bench: Bench, chosen: readonly Mutant[], part: string): Promise<boolean> {
  const chapters = part ? [...new Set(chosen.map(({ chapter }) => chapter))] : ['tests/chapters'];
  const verdict = await bench.runUnbroken(chapters);
  const green = verdict.how === 'green';
  if (!green && !interrupted.signal.aborted) {
    say(
      `The chapters are red with nothing broken: ${verdict.how === 'killed' ? `${verdict.by}: ${verdict.says}` : verdict.why}`,
    );
  }
  return green;
}

async function runAll(mutants: readonly Mutant[], benches: readonly Bench[]): Promise<Verdict[]> {
  const waiting = [...mutants];
  const verdicts: Verdict[] = [];
  await Promise.all(
    benches.map(async (bench) => {
      let last: Mutant | undefined;
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        if (interrupted.signal.aborted) return;
        const verdict = await bench.run(next);
        verdicts.push(verdict);
        if (!interrupted.signal.aborted) say(lineOf(next, verdict));
        last = next;
      }
      if (last) verdicts.push(...(await stillBroken(bench, last)));
    }),
  );
  return verdicts;
}

/** Had a bench not been mended after a mutant, it would kill the next one for the wrong reason. */
async function stillBroken(bench: Bench, { chapter }: Mutant): Promise<Verdict[]> {
  const verdict = await bench.runUnbroken([chapter]);
  if (verdict.how === 'green' || interrupted.signal.aborted) return [];
  say(`NOT MENDED  ${chapter} is red although nothing is broken any more`);
  return [undecided('it was not mended')];
}

function lineOf({ name }: Mutant, verdict: Verdict): string {
  if (verdict.how === 'killed') {
    return `killed    ${name}\n          by: ${verdict.by}\n          ${verdict.says}`;
  }
  return `SURVIVED  ${name}\n          ${verdict.how === 'green' ? `every test passed: ${verdict.named || 'all'}` : verdict.why}`;
}

function nameOf({ name }: Mutant): string {
  return `  ${name}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function writeTotals(totals: { passed: number; failed: number }): void {
  if (values.totals) writeFileSync(values.totals, JSON.stringify(totals));
}
