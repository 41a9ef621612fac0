/**
 * Writes all chapters as one Markdown document: claim, method, evidence, control, result of the last run, code.
 *
 * npm run book [-- FILE] [-- --results REPORT]
 *
 * Results are told from a report that a test run has written:
 * npm test -- --reporter=default --reporter=json --outputFile.json=report/test.json
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readFlags } from './flags.ts';
import { type RunReport, readReport, renderBook } from './render/book.ts';
import { ROOT, readTree } from './tree.ts';

const BOOK = join(ROOT, 'report/book.md');
const RESULTS = join(ROOT, 'report/test.json');

const WITHOUT =
  'Without results: npm test -- --reporter=default --reporter=json --outputFile.json=report/test.json';

const { values, positionals } = readFlags({
  allowPositionals: true,
  options: { results: { type: 'string' } },
});
process.exitCode = write(resolve(positionals[0] ?? BOOK), values.results);

function write(path: string, results: string | undefined): number {
  let report: RunReport | undefined;
  try {
    // One that was named and is not there is a mistake, and no book without results.
    if (results !== undefined || existsSync(RESULTS)) {
      report = readReport(readFileSync(results ?? RESULTS, 'utf8'));
    }
  } catch (error) {
    process.stderr.write(`No report of a run: ${results ?? RESULTS} (${String(error)})\n`);
    return 2;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, renderBook(readTree(), report));
  process.stdout.write(`${path}\n`);
  if (report === undefined) process.stderr.write(`${WITHOUT}\n`);
  return 0;
}
