import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScriptNotStartedError } from './script-errors.ts';
import { createWatcher, type Watcher } from './script-watcher.ts';

/** Where scripts run: a folder for each run, and the watcher over all. Made by the first run. */
export interface Place extends AsyncDisposable {
  /** @throws {ScriptNotStartedError} where there is no space, or no process for the watcher */
  open(name: string): Promise<Room>;
}

/** The folder of one run, gone when it is disposed of. */
export interface Room extends AsyncDisposable {
  readonly cwd: string;
  /** In the environment of this run's processes, and of no other's. */
  readonly mark: string;
  readonly watcher: Watcher;
}

export function createPlace(): Place {
  const token = `${randomUUID()}.`;
  let made: Promise<{ readonly folder: string; readonly watcher: Watcher }> | undefined;
  let count = 0;

  return {
    async open(name) {
      try {
        made ??= make(token).catch((error) => {
          made = undefined; // The next run tries again.
          throw error;
        });
        const { folder, watcher } = await made;
        count += 1;
        const cwd = join(folder, `${count}`);
        const mark = `${token}${count}`;
        watcher.start();
        // The system may tidy up its temporary folder while a worker runs for weeks.
        await mkdir(cwd, { recursive: true, mode: 0o700 });
        return {
          cwd,
          mark,
          watcher,
          // Litter is no failure: the script has done what it has done.
          [Symbol.asyncDispose]: () => rm(cwd, { recursive: true, force: true }).catch(() => {}),
        };
      } catch (cause) {
        throw new ScriptNotStartedError(name, `there is no place to run it (${String(cause)})`, {
          cause,
        });
      }
    },
    async [Symbol.asyncDispose]() {
      const place = await made?.catch(() => undefined);
      await place?.watcher[Symbol.asyncDispose]();
      if (place) await rm(place.folder, { recursive: true, force: true }).catch(() => {});
    },
  };
}

async function make(mark: string) {
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-scripts-'));
  try {
    return { folder, watcher: createWatcher({ folder, mark, path: process.env.PATH }) };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
