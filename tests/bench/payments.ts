import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runWorker } from '#server';
import {
  createBatches,
  createPaymentLedger,
  createScripts,
  PAYMENT_SCRIPT,
  superscriptWorkerOptions,
} from '#systems/superscript';
import type { DevServer } from '#temporal/dev-server';

const SCRIPTS = new URL('../../fixtures/scripts/', import.meta.url).pathname;
const AT_ONCE = 8;

export interface PaidBatch {
  readonly tookMs: number;
  /** The same orders by `xargs -P 8` and the script alone; 0 where it was not asked for. */
  readonly xargsMs: number;
  /** Lines of step 1 in the ledger, and of step 2. */
  readonly collected: number;
  readonly confirmed: number;
  readonly succeeded: number;
}

export interface BatchToPay {
  readonly orders: number;
  readonly scriptMs: number;
  /** The orders of two batches on one server have to differ. */
  readonly firstOrderId: number;
  /** Whether the script alone pays them first. */
  readonly xargs: boolean;
}

/** Pays so many orders, eight at a time, each by a script that waits so long in all. */
export async function payBatch(
  server: DevServer,
  { orders, scriptMs, firstOrderId, xargs }: BatchToPay,
): Promise<PaidBatch> {
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-bench-'));
  const orderIds = Array.from({ length: orders }, (_, index) => `${firstOrderId + index}`);
  const settings = {
    PAYMENT_STEP1_DELAY_MS: `${scriptMs / 2}`,
    PAYMENT_STEP2_DELAY_MS: `${scriptMs / 2}`,
  };
  try {
    const xargsMs = xargs ? await payByXargs(folder, orderIds, settings) : 0;
    const ledgerPath = join(folder, 'safe.ledger');
    await using scripts = createScripts({ directory: SCRIPTS, names: [PAYMENT_SCRIPT] });
    const taskQueue = `bench-${firstOrderId}`;
    await using _worker = await runWorker({
      connection: server.nativeConnection,
      ...superscriptWorkerOptions({ scripts, ledgerPath, settings, taskQueue }),
    });
    const batches = createBatches({ client: server.client, taskQueue });
    const started = performance.now();
    const batch = await batches.start({ orderIds, date: '2026-11-03', maxConcurrent: AT_ONCE });
    const { success } = await batch.result();
    const tookMs = performance.now() - started;
    const effects = await createPaymentLedger(ledgerPath).effects();
    const count = (wanted: string) => effects.filter(({ step }) => step === wanted).length;
    const [collected, confirmed] = [count('collect'), count('confirm')];
    if ([success, collected, confirmed].some((number) => number !== orders)) {
      throw new Error(
        `Of ${orders} orders ${success} were paid, ${collected} collected, ${confirmed} confirmed`,
      );
    }
    return { tookMs, xargsMs, collected, confirmed, succeeded: success };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function payByXargs(
  folder: string,
  orderIds: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<number> {
  const list = join(folder, 'orders.txt');
  await writeFile(list, `${orderIds.join('\n')}\n`);
  const started = performance.now();
  await promisify(execFile)(
    'xargs',
    ['-P', `${AT_ONCE}`, '-n', '1', '-a', list, join(SCRIPTS, PAYMENT_SCRIPT)],
    {
      env: { PATH: process.env['PATH'], PAYMENT_LEDGER: join(folder, 'naive.ledger'), ...settings },
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  return performance.now() - started;
}
