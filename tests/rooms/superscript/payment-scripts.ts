import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createPaymentLedger } from '#systems/superscript';

/** The scripts as a shell knows them: no runner of ours between the test and bash. */
export const SCRIPTS = fileURLToPath(new URL('../../../fixtures/scripts/', import.meta.url));

export interface Ending {
  /** The exit code, or the signal that killed it. */
  readonly exit: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with a ledger of its own, and processes that pay into it; those that still run end with it. */
export async function createTill() {
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-'));
  const path = join(folder, 'payments.ledger');
  const ledger = createPaymentLedger(path);
  const groups: ChildProcess[] = [];
  const start = (command: string, args: readonly string[], env: Record<string, string> = {}) => {
    const child = spawn(command, args, {
      cwd: folder,
      detached: true,
      env: { PATH: process.env.PATH, HOME: folder, PAYMENT_LEDGER: path, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    groups.push(child);
    return { pid: child.pid ?? 0, ended: endingOf(child), said: waitFor(child.stdout) };
  };
  return {
    folder,
    path,
    effects: () => ledger.effects(),
    lines: () => readFile(path, 'utf8'),
    start,
    /** Pays one order and tells how that ended. */
    single: (orderId: string, env?: Record<string, string>) =>
      start(join(SCRIPTS, 'single_payment_collection.sh'), [orderId], env).ended,
    run: (script: string, args: readonly string[], env?: Record<string, string>) =>
      start(join(SCRIPTS, `${script}_payment_collection.sh`), args, env).ended,
    async [Symbol.asyncDispose]() {
      for (const child of groups)
        if (child.exitCode === null && child.signalCode === null) endGroup(child);
      await rm(folder, { recursive: true });
    },
  };
}

export function keysOf(orderId: string) {
  return { PAYMENT_STEP1_KEY: `wf-${orderId}/collect`, PAYMENT_STEP2_KEY: `wf-${orderId}/confirm` };
}

/** What a payment says on stdout; up to and with a line that is named, and the last one from its trap. */
export function storyOf(orderId: string, upTo = 'Payment processing'): string {
  const story = [
    `Starting payment processing for OrderID: ${orderId}`,
    'Starting processing step 1...',
    `Step 1 completed successfully: Step1 ${orderId}`,
    'Starting processing step 2...',
    `Step 2 completed successfully: Step2 ${orderId}`,
    `Payment processing completed successfully for OrderID: ${orderId}`,
  ];
  const end = story.findIndex((line) => line.startsWith(upTo)) + 1;
  return [...story.slice(0, end), 'Cleaning up resources...', ''].join('\n');
}

/** Waits until something stands on stdout. */
function waitFor(stdout: Readable) {
  let said = '';
  stdout.on('data', (chunk: Buffer) => {
    said += chunk;
    stdout.emit('said');
  });
  return async (line: string) => {
    while (!said.includes(line)) await once(stdout, 'said');
  };
}

async function endingOf(child: ChildProcess): Promise<Ending> {
  if (!child.stdout || !child.stderr) throw new Error('The process has no stdout and stderr');
  const exit = new Promise<Ending['exit']>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal ?? code));
  });
  const [ending, stdout, stderr] = await Promise.all([
    exit,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { exit: ending, stdout, stderr };
}

function endGroup({ pid }: ChildProcess): void {
  if (pid) process.kill(-pid, 'SIGKILL');
}
