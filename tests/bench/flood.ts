import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createScripts } from '#systems/superscript';

export interface Flood {
  readonly durationMs: number;
  /** How much the memory of this process grew at its highest, sampled while the script printed. */
  readonly grownBytes: number;
  /** What was kept, in bytes of UTF-8. */
  readonly keptBytes: number;
}

const SCRIPT = `#!/usr/bin/env bash
set -euo pipefail
head -c "$1" /dev/zero | tr '\\0' x
`;

/** A script that prints that much on stdout. A small flood comes first: what the runner itself needs is no growth. */
export async function floodOf(bytes: number): Promise<Flood> {
  await using folder = await mkdtempDisposable('press-twice-flood-');
  const directory = folder.path;
  await writeFile(join(directory, 'floods.sh'), SCRIPT, { mode: 0o755 });
  await using scripts = createScripts({ directory, names: ['floods.sh'] });
  const flood = (size: number) => scripts.run('floods.sh', [`${size}`], { timeoutMs: 10 * 60_000 });
  await flood(8 * 1024 * 1024);

  const before = process.memoryUsage.rss();
  let highest = before;
  const sample = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage.rss());
  }, 10);
  const { durationMs, stdout, exitCode } = await flood(bytes).finally(() => clearInterval(sample));
  if (exitCode !== 0) throw new Error(`The flood ended with ${exitCode}`);
  return { durationMs, grownBytes: highest - before, keptBytes: Buffer.byteLength(stdout) };
}

async function mkdtempDisposable(prefix: string) {
  const path = await mkdtemp(join(tmpdir(), prefix));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
