/**
 * Adds up what the steps of .ci/run came to, and names each test that failed. The last line is `N passed, N failed`: tests
 * and mutants, and each step that failed without a failed test or mutant to show for it. Exits with 1 if anything failed.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

const folder = process.argv[2];
const steps = readdirSync(folder)
  .filter((file) => file.endsWith('.step'))
  .map((file) => ({
    name: basename(file, '.step'),
    ok: readFileSync(join(folder, file), 'utf8').trim() === 'ok',
    ...counted(basename(file, '.step')),
  }));

say('\n== totals');
let passed = 0;
let failed = 0;
for (const step of steps) {
  const unseen = !step.ok && step.failed === 0 ? 1 : 0;
  passed += step.passed;
  failed += step.failed + unseen;
  say(`${step.name}: ${step.ok ? 'ok' : 'FAILED'}${step.detail}`);
  step.failures.forEach(say);
}
say(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

function counted(name) {
  const file = join(folder, `${name}.json`);
  if (!existsSync(file)) return { passed: 0, failed: 0, detail: '', failures: [] };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const count = {
    passed: report.numPassedTests ?? report.passed,
    failed: report.numFailedTests ?? report.failed,
  };
  return {
    ...count,
    detail: ` (${count.passed} passed, ${count.failed} failed)`,
    failures: (report.testResults ?? []).flatMap(failuresOf),
  };
}

/** @param file as the test runner's JSON reporter tells of it; one that could not be run has a message, and no tests */
function failuresOf({ name, message, assertionResults }) {
  const tests = assertionResults.filter(({ status }) => status === 'failed');
  const told = tests.map((test) => `${test.fullName}\n    ${firstLine(test.failureMessages[0])}`);
  if (message) told.push(firstLine(message));
  return told.map((text) => `  ${relative('.', name)}: ${text}`);
}

function firstLine(text = '') {
  return text.split('\n', 1)[0];
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
