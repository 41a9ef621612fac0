import type { ScriptOutcome } from './script.ts';

/** A run of a script that was no success. */
export abstract class ScriptError extends Error {
  abstract override readonly name: string;
  readonly script: string;
  /** Nothing but a change of script, arguments or machine helps: do not try again. */
  readonly fatal: boolean;
  /** How the run ended; `undefined` where nothing was started. */
  readonly outcome: ScriptOutcome | undefined;

  constructor(
    script: string,
    message: string,
    { fatal, outcome, ...options }: ErrorOptions & { fatal: boolean; outcome?: ScriptOutcome },
  ) {
    super(message, options);
    this.script = script;
    this.fatal = fatal;
    this.outcome = outcome;
  }
}

/** The name is not on the list, or leads out of the folder of scripts. Nothing was started. */
export class ScriptNotAllowedError extends ScriptError {
  override readonly name = 'ScriptNotAllowedError';

  constructor(script: string, reason: string, options?: ErrorOptions) {
    super(script, `The script ${quote(script)} is not allowed: ${reason}`, {
      ...options,
      fatal: true,
    });
  }
}

/** There is no such file. Nothing was started. */
export class ScriptMissingError extends ScriptError {
  override readonly name = 'ScriptMissingError';

  constructor(script: string, directory: string, options?: ErrorOptions) {
    super(script, `No script ${quote(script)} in ${directory}: put it there`, {
      ...options,
      fatal: true,
    });
  }
}

/** The file is there, and the system would not run it. Nothing was started. */
export class ScriptNotExecutableError extends ScriptError {
  override readonly name = 'ScriptNotExecutableError';

  constructor(script: string, reason: string, options?: ErrorOptions) {
    super(script, `The script ${quote(script)} cannot be executed: ${reason}`, {
      ...options,
      fatal: true,
    });
  }
}

/** These arguments or variables cannot be given to any process, or must not be. Nothing was started. */
export class ScriptInputError extends ScriptError {
  override readonly name = 'ScriptInputError';

  constructor(script: string, reason: string, options?: ErrorOptions) {
    super(script, `The script ${quote(script)} was not started: ${reason}`, {
      ...options,
      fatal: true,
    });
  }
}

/** The machine had no process, file or memory to spare. Nothing was started; ask again later. */
export class ScriptNotStartedError extends ScriptError {
  override readonly name = 'ScriptNotStartedError';

  constructor(script: string, reason: string, options?: ErrorOptions) {
    super(script, `The script ${quote(script)} was not started: ${reason}. Ask again later`, {
      ...options,
      fatal: false,
    });
  }
}

/** It said itself that asking again cannot help: 2 (usage), 64 to 78 (sysexits.h), 126 and 127 (no command). */
export class ScriptRefusedError extends ScriptError {
  override readonly name = 'ScriptRefusedError';

  constructor(script: string, outcome: ScriptOutcome) {
    super(
      script,
      `The script ${quote(script)} refused, exit code ${outcome.exitCode}${why(outcome)}`,
      {
        fatal: true,
        outcome,
      },
    );
  }
}

/** A signal that was not ours ended it. Its effect may have happened. */
export class ScriptKilledError extends ScriptError {
  override readonly name = 'ScriptKilledError';

  constructor(script: string, outcome: ScriptOutcome) {
    super(script, `The script ${quote(script)} was killed by ${outcome.signal}${why(outcome)}`, {
      fatal: false,
      outcome,
    });
  }
}

/** It took too long and was ended. Its effect may have happened. */
export class ScriptTimedOutError extends ScriptError {
  override readonly name = 'ScriptTimedOutError';

  constructor(script: string, outcome: ScriptOutcome) {
    super(
      script,
      `The script ${quote(script)} was ended after ${Math.round(outcome.durationMs)} ms${why(outcome)}`,
      { fatal: false, outcome },
    );
  }
}

/** Somebody asked for its end. Its effect may have happened. */
export class ScriptCancelledError extends ScriptError {
  override readonly name = 'ScriptCancelledError';

  constructor(script: string, outcome: ScriptOutcome) {
    super(script, `The script ${quote(script)} was cancelled${why(outcome)}`, {
      fatal: false,
      outcome,
    });
  }
}

/** It failed, and may succeed if it is asked again. Its effect may have happened. */
export class ScriptFailedError extends ScriptError {
  override readonly name = 'ScriptFailedError';

  constructor(script: string, outcome: ScriptOutcome) {
    super(
      script,
      `The script ${quote(script)} failed, exit code ${outcome.exitCode}${why(outcome)}`,
      {
        fatal: false,
        outcome,
      },
    );
  }
}

/** @returns what went wrong; `undefined` only for a script that exited with 0 and was not stopped */
export function failureOf(script: string, outcome: ScriptOutcome): ScriptError | undefined {
  if (outcome.stopped === 'timeout') return new ScriptTimedOutError(script, outcome);
  if (outcome.stopped === 'cancelled') return new ScriptCancelledError(script, outcome);
  if (outcome.signal !== null) return new ScriptKilledError(script, outcome);
  if (outcome.exitCode === 0) return undefined;
  if (outcome.exitCode !== null && refuses(outcome.exitCode)) {
    return new ScriptRefusedError(script, outcome);
  }
  return new ScriptFailedError(script, outcome);
}

/** @see https://man.openbsd.org/sysexits.3 */
function refuses(exitCode: number): boolean {
  return (
    exitCode === 2 || (exitCode >= 64 && exitCode <= 78) || exitCode === 126 || exitCode === 127
  );
}

function quote(script: string): string {
  return JSON.stringify(script.length > 80 ? `${script.slice(0, 80)}…` : script);
}

/** The last line that it complained with. */
function why({ stderr }: ScriptOutcome): string {
  const line = stderr.trimEnd().split('\n').at(-1) ?? '';
  return line === '' ? '' : `: ${line.slice(0, 300)}`;
}
