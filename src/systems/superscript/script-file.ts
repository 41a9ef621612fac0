import { constants } from 'node:fs';
import { access, open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import {
  ScriptMissingError,
  ScriptNotAllowedError,
  ScriptNotExecutableError,
  ScriptNotStartedError,
} from './script-errors.ts';

/**
 * The real path of a script that may be run: it is on the list, lies inside the directory when all links are followed,
 * is a regular file, and the system can execute it. It is looked at before each run, so that what was deployed meanwhile
 * is found.
 *
 * Trap: between this look and the start the file can still be exchanged. Whoever can write to the directory can run
 * what he likes anyway.
 */
export async function findScript(
  directory: string,
  names: ReadonlySet<string>,
  name: string,
): Promise<string> {
  if (!names.has(name)) throw new ScriptNotAllowedError(name, 'it is not on the list of scripts');
  const [home, path] = await Promise.all([directory, join(directory, name)].map(realpathOf)).catch(
    (cause: NodeJS.ErrnoException) => {
      throw notFound(name, directory, cause);
    },
  );
  if (!home || !path?.startsWith(home.endsWith(sep) ? home : home + sep)) {
    throw new ScriptNotAllowedError(name, `it leads out of ${directory}`);
  }
  await access(path, constants.X_OK).catch((cause: NodeJS.ErrnoException) => {
    throw forbidden(name, 'its permissions forbid it (chmod +x)', cause);
  });
  const fault = await faultIn(await beginningOf(name, path));
  if (fault) throw new ScriptNotExecutableError(name, fault);
  return path;
}

const HEADER_BYTES = 256;

/** Without it the system's own fallback would run the file by a shell that nobody has named. */
async function faultIn(beginning: Buffer): Promise<string | undefined> {
  if (BINARIES.some((magic) => beginning.subarray(0, 4).equals(magic))) return undefined;
  const line = beginning.toString('latin1').split('\n')[0] ?? '';
  if (!line.startsWith('#!')) return 'it does not begin with #! and the path of its interpreter';
  if (line.endsWith('\r')) return 'its lines end with CR LF: save it with LF';
  const interpreter = /^#![ \t]*([^ \t]*)/.exec(line)?.[1] ?? '';
  return await access(interpreter, constants.X_OK).then(
    () => undefined,
    () => `its interpreter ${JSON.stringify(interpreter)} is not there, or not executable`,
  );
}

/** ELF, and Mach-O in its forms. */
const BINARIES = ['7f454c46', 'cffaedfe', 'cefaedfe', 'cafebabe'].map((magic) =>
  Buffer.from(magic, 'hex'),
);

async function beginningOf(name: string, path: string): Promise<Buffer> {
  // Not to wait for a writer, should it be a pipe.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK;
  const file = await open(path, flags).catch((cause: NodeJS.ErrnoException) => {
    throw forbidden(name, 'its permissions forbid reading it', cause);
  });
  try {
    if (!(await file.stat()).isFile()) {
      throw new ScriptNotAllowedError(name, 'it is not a regular file');
    }
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function realpathOf(path: string): Promise<string> {
  return realpath(path);
}

function notFound(name: string, directory: string, cause: NodeJS.ErrnoException): Error {
  if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') {
    return new ScriptMissingError(name, directory, { cause });
  }
  return forbidden(name, `its path cannot be followed (${cause.code})`, cause);
}

/** A machine that is short of files for a moment (EMFILE) forbids nothing: to call it fatal would fail the caller for good. */
function forbidden(name: string, reason: string, cause: NodeJS.ErrnoException): Error {
  return FOR_GOOD.includes(cause.code ?? '')
    ? new ScriptNotExecutableError(name, reason, { cause })
    : new ScriptNotStartedError(name, `it could not be looked at (${cause.code})`, { cause });
}

const FOR_GOOD = ['EACCES', 'EPERM', 'ELOOP', 'ENXIO', 'ENAMETOOLONG'];
