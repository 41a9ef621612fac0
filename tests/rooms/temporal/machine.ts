import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A machine that has what a test puts on it, and nothing else: its own PATH, its own cache. */
export interface Machine extends AsyncDisposable {
  readonly folder: string;
  readonly env: { readonly PATH: string };
  readonly cacheDir: string;
  readonly config: {
    readonly cliPath: string | undefined;
    readonly cacheDir: string;
    readonly cliDownloadTimeoutMs: number;
  };
  /** Writes a shell script. It may use built-ins and absolute paths alone. @returns its path */
  write(path: string, script: string): Promise<string>;
  /** A `go` on PATH that notes each `install`, and then does what the script says. */
  writeGo(install: string, version?: string): Promise<void>;
  /** The command line of each `go install` there was. */
  installs(): Promise<string[]>;
  /** What a listing of the cache shows. */
  cached(): Promise<string[]>;
}

export async function createMachine(): Promise<Machine> {
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-machine-'));
  const cacheDir = join(folder, 'cache');
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await writeFile(join(folder, 'installs'), '');

  const write: Machine['write'] = async (path, script) => {
    const file = join(folder, path);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return file;
  };

  return {
    folder,
    env: { PATH: bin },
    cacheDir,
    config: { cliPath: undefined, cacheDir, cliDownloadTimeoutMs: 60_000 },
    write,
    async writeGo(install, version = '1.26.0') {
      const answer = `if [ "$1" = version ]; then echo "go version go${version} any/any"; exit; fi`;
      await write('bin/go', `${answer}\necho "$*" >> "${folder}/installs"\n${install}`);
    },
    installs: async () =>
      (await readFile(join(folder, 'installs'), 'utf8')).split('\n').filter(Boolean),
    cached: () => readdir(cacheDir),
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A `temporal` that says its version. */
export const temporal = (server = '1.29.1', version = '1.5.1') =>
  `echo 'temporal version ${version} (Server ${server}, UI 2.42.1)'`;

/** What a `go install` does that works. */
export const BUILDS = `printf '#!/bin/sh\\n%s\\n' "${temporal()}" > "$GOBIN/temporal"`;

/**
 * A place in a script at which it waits for the test. The pipe `alive` is open as long as the script,
 * or a child of it, is alive; so its first and its last moment are events, and nothing has to be polled.
 */
export function createGate({ folder }: Machine, name = 'gate') {
  const [alive, opened] = [join(folder, `${name}-alive`), join(folder, `${name}-opened`)];
  execFileSync('mkfifo', [alive, opened]);
  const pipe = createReadStream(alive).resume();
  return {
    /** A child waits, as the compilers of a `go` do. */
    script: `exec 9> "${alive}"\n(read -r _ < "${opened}") &\nwait`,
    reached: once(pipe, 'open'),
    /** Everything that runs the script is gone. */
    gone: once(pipe, 'end'),
    open: () => writeFile(opened, '\n'),
  };
}
