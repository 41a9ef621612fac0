import { ScriptInputError } from './script-errors.ts';

/** What a script needs of the surroundings of its worker, and no secret is among it. */
const NEEDED = /^(PATH|HOME|USER|LOGNAME|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR|XDG_STATE_HOME)$/;

/** What makes a shell, or the loader under it, run or read something that nobody has asked for. */
const NEVER =
  /^(BASH_.*|ENV|SHELLOPTS|BASHOPTS|POSIXLY_CORRECT|IFS|PS[0-4]|PROMPT_COMMAND|CDPATH|GLOBIGNORE|EXECIGNORE|LD_.*|DYLD_.*|NODE_OPTIONS|PERL5OPT|PYTHONSTARTUP|GCONV_PATH|PRESS_TWICE_SCRIPT)$/;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Every process that descends from a script has it, unless it was wiped out: by that it is found. */
export const MARK = 'PRESS_TWICE_SCRIPT';

export interface EnvironmentOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Names that go through from the surroundings, beside those that every script needs. */
  readonly pass: readonly (string | RegExp)[];
  /** The run's own; a name that may never be set is refused. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The environment of one run of a script, from an allow-list.
 *
 * @throws {ScriptInputError} for a variable that would run something else, or that no environment can hold. It
 *   names the variable and never its value
 */
export function environmentOf(
  script: string,
  { environment, pass, env }: EnvironmentOptions,
): Record<string, string> {
  for (const [name, value] of Object.entries(env)) {
    const why = refusal(name, value);
    if (why) throw new ScriptInputError(script, `its variable ${JSON.stringify(name)} ${why}`);
  }
  const passed = Object.entries(environment).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && mayPass(entry[0], pass) && !refusal(entry[0], entry[1]),
  );
  return { ...Object.fromEntries(passed), ...env };
}

function mayPass(name: string, pass: readonly (string | RegExp)[]): boolean {
  // `search` does not remember where it was, as `test` does under the flag g.
  const fits = (rule: string | RegExp) =>
    typeof rule === 'string' ? rule === name : name.search(rule) !== -1;
  return NEEDED.test(name) || pass.some(fits);
}

function refusal(name: string, value: string): string | undefined {
  if (!NAME.test(name)) return 'is no name of a variable';
  if (NEVER.test(name)) return 'could make it run something else';
  return value.includes('\0') ? 'has a NUL in it' : undefined;
}
