import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { MARK } from './script-environment.ts';

/** Ends the scripts of this process when it is gone itself, even by SIGKILL. */
export interface Watcher extends AsyncDisposable {
  /** To be called before a script starts. */
  start(): void;
  began(pid: number): void;
  ended(pid: number): void;
}

export interface WatcherOptions {
  /** What the marks of all runs begin with. */
  readonly mark: string;
  /** The folder of the runs' folders; it is removed at the end. */
  readonly folder: string;
  readonly path: string | undefined;
}

/**
 * A shell in a session of its own that reads who began and who ended, until its stdin ends, as it does with this
 * process, however that ends.
 *
 * What was written to it is read even when the writer is dead. A script that began, and of which nothing could be
 * written any more, has the mark; so on Linux no moment is left in which it could escape.
 */
export function createWatcher(options: WatcherOptions): Watcher {
  const groups = new Set<number>();
  let shell: ChildProcess | undefined;
  const tell = (line: string) => void shell?.stdin?.write(`${line}\n`);

  return {
    start() {
      if (shell) return;
      const started = startShell(options);
      // Somebody has ended it: the next run gets another one, which hears of those that still run.
      started.once('error', () => (shell = undefined)).once('exit', () => (shell = undefined));
      shell = started;
      for (const pid of groups) tell(`began ${pid}`);
    },
    began(pid) {
      groups.add(pid);
      tell(`began ${pid}`);
    },
    ended(pid) {
      groups.delete(pid);
      tell(`ended ${pid}`);
    },
    async [Symbol.asyncDispose]() {
      const last = shell;
      if (last?.pid === undefined) return;
      last.ref();
      last.stdin?.end('bye\n');
      await once(last, 'exit').catch(() => {});
    },
  };
}

function startShell({ mark, folder, path }: WatcherOptions): ChildProcess {
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'press-twice-scripts', `${MARK}=${mark}`, folder], {
    cwd: '/',
    detached: true,
    // Not the mark: it would end itself.
    env: { LC_ALL: 'C', ...(path !== undefined && { PATH: path }) },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  if (shell.pid === undefined) {
    shell.once('error', () => {}); // What it says is thrown here: no script without its watcher.
    throw new Error('the system has no process for the watcher');
  }
  // A program whose work is done ends although it did not dispose of its scripts.
  shell.unref();
  (shell.stdin as Socket).on('error', () => {}).unref();
  return shell;
}

/**
 * The processes are looked for several times: a script that was about to start when its worker died gets its mark a
 * moment later.
 */
const SCRIPT = `
trap '' INT TERM HUP QUIT
mark=$1 folder=$2 groups=' '

while read -r word group; do
  case $word in
    began) groups="$groups$group " ;;
    ended) groups="\${groups%%" $group "*} \${groups#*" $group "}" ;;
    bye) rm -rf "$folder"; exit ;;
  esac
done

signal_groups() {
  for group in $groups; do kill -s "$1" -- "-$group" 2>/dev/null; done
}
groups_live() {
  for group in $groups; do kill -s 0 -- "-$group" 2>/dev/null && return; done
  return 1
}
end_marked() {
  for environment in $(grep -lsF -e "$mark" /proc/[0-9]*/environ); do
    pid=\${environment#/proc/}
    pid=\${pid%/environ}
    kill -s KILL -- "-$pid" 2>/dev/null
    kill -s KILL "$pid" 2>/dev/null
  done
}

signal_groups TERM
signal_groups CONT
for round in 1 2 3 4 5 6 7 8 9 10; do
  groups_live || break
  sleep 0.1 || sleep 1
done
signal_groups KILL
for round in 1 2 3; do
  end_marked
  sleep 0.1 || sleep 1
done
rm -rf "$folder"
`;
