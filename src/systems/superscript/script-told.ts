import type { ScriptReport } from './payment.ts';

/**
 * What its clients may know of a script that has failed: how it ended, and its own last line about the error. The rest of
 * what it wrote may hold a path or a secret; the history keeps it, for the operator.
 */
export function toldOf(report: Partial<ScriptReport> | undefined): string {
  const { exit_code = null, signal = null, stderr = '' } = report ?? {};
  const said = errorLineOf(stderr);
  return `${howItEnded(exit_code, signal)}${said && `: ${said}`}`;
}

function howItEnded(exitCode: number | null, signal: string | null): string {
  if (exitCode !== null) return `The script of this payment ended with exit code ${exitCode}`;
  if (signal !== null) return `The script of this payment was ended by ${signal}`;
  return 'The script of this payment could not be run';
}

/** The line that the scripts end with, without the exit code; one that names a file is not for strangers. */
function errorLineOf(stderr: string): string {
  const line = stderr.split('\n').findLast((text) => text.startsWith(MARK)) ?? '';
  return line.includes('/') ? '' : line.replace(BEGINNING, '').slice(0, 200);
}

const MARK = 'ERROR: ';
const BEGINNING = /^ERROR: (?:Script terminated with exit code: \d+ - )?/;
