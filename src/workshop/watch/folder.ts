import { readdirSync, statSync, watch as watchFile } from 'node:fs';
import { join } from 'node:path';
import { type Clock, realClock } from './clock.ts';

/** A folder that is watched until it is disposed of. */
export interface WatchedFolder extends Disposable {
  /** Whether its files have changed since it was last asked, or last told. */
  look(): boolean;
}

export interface FolderListener {
  /** Files have been saved. Saves within 200 ms are one. */
  onSave(): void;
  /** No event came for a save: from now on the folder is looked at every second. Told once. */
  onPolling(): void;
}

/** What is outside. */
export interface FolderSeams {
  readonly clock?: Clock;
  readonly stampOf?: (folder: string) => Stamp;
  /** Calls back at each event; `onFailed` where there will be none. */
  readonly listen?: (folder: string, onEvent: () => void, onFailed: () => void) => Disposable;
}

/** When the files of a folder were saved. */
export interface Stamp {
  /** Tells a folder from another one of the same name that was put in its place. */
  readonly folder: number;
  readonly files: string;
}

/**
 * Tells when files of this folder have been saved, whoever saved them and however. Events are not to be relied on: on some
 * file systems none come. So once a second the times of the files are looked at as well.
 */
export function watchFolder(
  folder: string,
  { onSave, onPolling }: FolderListener,
  { clock = realClock, stampOf = stampOfFolder, listen = listenTo }: FolderSeams = {},
): WatchedFolder {
  let seen = stampOf(folder);
  let polling = false;
  let unheardAtMs: number | undefined;
  const timers: { settling?: Disposable; ticking?: Disposable } = {};
  let listening: Disposable | undefined;

  function look(): boolean {
    const now = stampOf(folder);
    // It is being replaced: there is nothing to judge before the new one is there.
    if (now.folder === ABSENT.folder) return false;
    const [changed, moved] = [now.files !== seen.files, now.folder !== seen.folder];
    seen = now;
    unheardAtMs = undefined;
    if (moved) open();
    return changed;
  }
  function tell(): void {
    if (look()) onSave();
  }
  function poll(): void {
    if (!polling) onPolling();
    polling = true;
  }
  function open(): void {
    listening?.[Symbol.dispose]();
    listening = listen(folder, settle, poll);
  }
  function settle(): void {
    timers.settling?.[Symbol.dispose]();
    timers.settling = clock.after(SETTLES_MS, tell);
  }
  function tick(): void {
    const now = stampOf(folder);
    if (polling || now.folder !== seen.folder) tell();
    else if (now.files === seen.files) unheardAtMs = undefined;
    else if (unheardAtMs === undefined) unheardAtMs = clock.nowMs();
    else if (clock.nowMs() - unheardAtMs >= UNHEARD_MS) {
      tell();
      poll();
    }
    timers.ticking = clock.after(TICK_MS, tick);
  }

  open();
  timers.ticking = clock.after(TICK_MS, tick);
  return {
    look,
    [Symbol.dispose]() {
      for (const part of [timers.settling, timers.ticking, listening]) part?.[Symbol.dispose]();
    },
  };
}

const SETTLES_MS = 200;
const TICK_MS = 1_000;
const UNHEARD_MS = 2_000;

const ABSENT: Stamp = { folder: 0, files: '' };

/** What editors leave beside a file while they write it (`.activities.ts.swp`, `4913`, `activities.ts~`) is none of it. */
function stampOfFolder(folder: string): Stamp {
  try {
    const names = readdirSync(folder).filter((name) => /^[^.].*\.ts$/.test(name));
    const files = names.toSorted().map((name) => {
      // A file system's clock stands still for milliseconds, and ten and twenty are of one size.
      const { ino, mtimeMs, size } = statSync(join(folder, name));
      return `${name} ${ino} ${mtimeMs} ${size}`;
    });
    return { folder: statSync(folder).ino, files: files.join('\n') };
  } catch {
    return ABSENT;
  }
}

function listenTo(folder: string, onEvent: () => void, onFailed: () => void): Disposable {
  try {
    const watcher = watchFile(folder, onEvent).on('error', onFailed);
    return { [Symbol.dispose]: () => watcher.close() };
  } catch (error) {
    // A folder that is not there yet is found when it is.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') onFailed();
    return { [Symbol.dispose]() {} };
  }
}
