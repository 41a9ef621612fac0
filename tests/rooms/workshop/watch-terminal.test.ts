import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { plainJs } from '#fixtures/plain-js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const CHILD = fileURLToPath(await plainJs(new URL('./watch-child.ts', import.meta.url)));
const CLEAR = '\u001B[H\u001B[J';
/** util-linux's `script` gives a program a terminal of its own. Others of this name know other options. */
const HAS_SCRIPT = String(spawnSync('script', ['--version']).stdout).includes('util-linux');

describe.runIf(HAS_SCRIPT)('the loop on a real terminal', () => {
  it('shows a screen, a save, a second screen, and ends by itself with 130 after Ctrl-C', async () => {
    await using terminal = await started();

    expect(await terminal.shows(/✗ ONE-DEDUCTION/)).toContain('09 · The exactly-once myth');
    await terminal.save('bank.post(account, -10, { key });');
    expect(await terminal.shows(/all 6 claims hold/)).not.toContain('✗');

    terminal.press('\u0003');
    await terminal.shows(/raw mode: false/);
    expect(await terminal.exitCode, 'exit code after Ctrl-C').toBe(130);
  });

  it('ends by q with 0, and leaves the last screen behind', async () => {
    await using terminal = await started();
    await terminal.shows(/✗ ONE-DEDUCTION/);

    terminal.press('q');

    expect(await terminal.exitCode, 'exit code after q').toBe(0);
    expect(await terminal.shows(/raw mode: false/)).toContain('✗ ONE-DEDUCTION');
  });
});

async function started() {
  const folder = await mkdtemp(join(tmpdir(), 'terminal-'));
  const file = join(folder, 'activities.ts');
  await writeFile(file, 'bank.post(account, -10);');
  const command = `stty rows 30 columns 80; exec '${process.execPath}' '${CHILD}' '${folder}'`;
  const env = { ...process.env, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8', NO_COLOR: '1' };
  const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: ROOT, env });
  const closed = once(child, 'close');
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const screen = () => text.split(CLEAR).at(-1) ?? '';

  return {
    exitCode: closed.then(([code]) => code as number | null),
    press: (key: string) => void child.stdin.write(key),
    save: (code: string) => writeFile(file, code),
    shows: (pattern: RegExp) =>
      new Promise<string>((resolve, reject) => {
        const look = () => void (pattern.test(screen()) && resolve(screen()));
        child.stdout.on('data', look);
        void closed.then(() => reject(new Error(`It ended without ${pattern}: ${text}`)));
        look();
      }),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await closed;
      await rm(folder, { recursive: true });
    },
  };
}
