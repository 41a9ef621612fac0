import { execFileSync, spawn } from 'node:child_process';

export interface CommandFigures {
  readonly exitCode: number | null;
  readonly tookS: number;
  /** When the output first had what was looked for. */
  readonly matchedS: number;
  /** The most that the processes of the command had in memory together, as sampled. */
  readonly peakMb: number;
}

const SAMPLE_EVERY_MS = 250;

/** Runs a command as a user does and watches its output, its time and its memory. */
export async function runCommand(
  [command = '', ...args]: readonly string[],
  pattern: RegExp,
): Promise<CommandFigures> {
  const startMs = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let [output, matchedMs, peakKb] = ['', Number.NaN, 0];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
    if (Number.isNaN(matchedMs) && pattern.test(output)) matchedMs = performance.now() - startMs;
  });
  const sampling = setInterval(() => {
    peakKb = Math.max(peakKb, memoryKb(child.pid ?? 0));
  }, SAMPLE_EVERY_MS);

  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(sampling);
  return {
    exitCode,
    tookS: (performance.now() - startMs) / 1000,
    matchedS: matchedMs / 1000,
    peakMb: Math.round(peakKb / 1024),
  };
}

/** Resident memory of a process and all below it. */
function memoryKb(root: number): number {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const family = new Set([root]);
  // Parents come before their children in time, not always in the list: go on until nothing is added.
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const [pid = 0, ppid = 0] of rows) if (family.has(ppid)) family.add(pid);
  }
  return rows.reduce((sum, [pid = 0, , rss = 0]) => sum + (family.has(pid) ? rss : 0), 0);
}
