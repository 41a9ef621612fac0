import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { NOTHING_DONE, type State, stateSchema } from './state.ts';

/** Where the learner's progress is kept. Nothing that goes wrong with it stops the workshop. */
export interface Notebook {
  /** As it is now: another terminal may have written since. */
  state(): State;
  /** Takes it for true, and writes it down if that can be done. */
  note(state: State): void;
}

export const STATE_PATH = '.workshop/state.json';

/**
 * Reads `.workshop/state.json`, and moves aside what is none.
 *
 * @param say is told, once each and in one line, that the file was broken, and that nothing can be written
 */
export function openNotebook(root: string, say: (line: string) => void): Notebook {
  const path = join(root, STATE_PATH);
  let canWrite = true;
  let state = readState(path, say);
  let seen = textOf(path);

  return {
    state() {
      const text = textOf(path);
      // What cannot be written down is known here alone, and what cannot be read is worth less than what is known.
      if (text === seen || !canWrite) return state;
      seen = text;
      state = parsed(text) ?? state;
      return state;
    },
    note(next) {
      if (next === state) return;
      state = next;
      const text = `${JSON.stringify(state, null, 2)}\n`;
      try {
        mkdirSync(dirname(path), { recursive: true });
        writeFileAtomic.sync(path, text);
        seen = text;
      } catch (error) {
        if (canWrite) say(`Your progress cannot be written to ${STATE_PATH} (${reasonOf(error)}).`);
        canWrite = false;
      }
    },
  };
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function parsed(text = ''): State | undefined {
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function readState(path: string, say: (line: string) => void): State {
  if (!existsSync(path)) return NOTHING_DONE;
  try {
    return stateSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    say(`${STATE_PATH} cannot be read (${reasonOf(error)}): ${movedAside(path)}.`);
    return NOTHING_DONE;
  }
}

/** Never over one that was moved there before. */
function movedAside(path: string): string {
  let n = 1;
  while (existsSync(`${path}.broken-${n}`)) n += 1;
  try {
    renameSync(path, `${path}.broken-${n}`);
    return `it is ${STATE_PATH}.broken-${n} now, and your progress begins anew`;
  } catch (error) {
    return `it stays where it is (${reasonOf(error)}), and your progress begins anew`;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return error.issues[0]?.message ?? 'not what it should be';
  if (error instanceof SyntaxError) return 'it is not JSON';
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
