import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import type { RequestHandler, Router } from 'express';
import type { Config } from '#config';
import {
  createBatches,
  createBatchRouter,
  createPaymentRouter,
  createPayments,
  createScripts,
  createTraditionalRouter,
  createTraditionalRuns,
  PAYMENT_SCRIPT,
  type PaymentProgress,
  type Scripts,
  superscriptWorkerOptions,
  TRADITIONAL_SCRIPT,
} from '#systems/superscript';

/** What payments by script need beside the configuration; a house without it has none. */
export interface SuperscriptPart {
  /** Where the scripts get their variables from, as far as they may have them; `process.env` unless told. */
  readonly environment?: NodeJS.ProcessEnv;
  /** For the date of a batch that is asked for without one; the clock unless told. */
  readonly now?: () => Date;
  readonly onProgress?: (event: PaymentProgress) => void;
}

interface RoutersOptions {
  readonly config: Config;
  readonly temporal: { readonly client: Client };
  readonly limit?: RequestHandler;
}

/** The routes, and the scripts that one of them starts: they end with the server. */
export async function openSuperscriptRoutes(
  part: SuperscriptPart,
  { config, temporal: { client }, limit }: RoutersOptions,
): Promise<AsyncDisposable & { readonly routers: readonly Router[] }> {
  const { now, onProgress } = part;
  const { superscriptTaskQueue: taskQueue, fingerprintKey, answerWithinMs } = config;
  const scripts = scriptsOf(config, part, TRADITIONAL_SCRIPT);
  const ledgerPath = await ledgerPathOf(config, part);
  const starts = { client, taskQueue, fingerprintKey, onProgress };
  const shared = { onProgress, limit };
  const traditional = createTraditionalRuns({ scripts, ledgerPath, onProgress });
  return {
    routers: [
      createPaymentRouter({ payments: createPayments(starts), answerWithinMs, ...shared }),
      createBatchRouter({ batches: createBatches(starts), now, ...shared }),
      createTraditionalRouter({ traditional, ...shared }),
    ],
    [Symbol.asyncDispose]: () => scripts[Symbol.asyncDispose](),
  };
}

/** What its worker needs, and the scripts that it runs: dispose of them after the worker. */
export async function openSuperscriptWork(part: SuperscriptPart, config: Config) {
  const scripts = scriptsOf(config, part, PAYMENT_SCRIPT);
  const options = superscriptWorkerOptions({
    taskQueue: config.superscriptTaskQueue,
    scripts,
    ledgerPath: await ledgerPathOf(config, part),
    fingerprintKey: config.fingerprintKey,
    onProgress: part.onProgress,
  });
  return { options, [Symbol.asyncDispose]: () => scripts[Symbol.asyncDispose]() };
}

function scriptsOf(
  { scriptsDir }: Config,
  { environment }: SuperscriptPart,
  name: string,
): Scripts {
  return createScripts({
    directory: scriptsDir === undefined ? PACKAGED_SCRIPTS : resolve(scriptsDir),
    names: [name],
    pass: SETTINGS,
    ...(environment && { environment }),
  });
}

/** Source and build are equally deep, so the way to the fixtures is the same from both. */
const PACKAGED_SCRIPTS = fileURLToPath(new URL('../../fixtures/scripts', import.meta.url));

/** What a person may set for all payments. Keys, the ledger and where to stop are this program's to say. */
const SETTINGS = [
  /^PAYMENT_STEP[12]_(FAILS|GARBAGE|TIMES_OUT|DELAY_MS|ANSWER_DELAY_MS)$/,
  'PAYMENT_FAILURE_PERCENT',
  'PAYMENT_SEED',
];

/** The same file that a script has by itself, so that whoever runs one by hand finds its effects here. */
async function ledgerPathOf(
  { paymentLedger }: Config,
  { environment = process.env }: SuperscriptPart,
): Promise<string> {
  if (paymentLedger !== undefined) return paymentLedger;
  const { XDG_STATE_HOME: state = '', HOME: home } = environment;
  const folder = isAbsolute(state) ? state : join(home || homedir(), '.local/state');
  const path = join(folder, 'press-twice/payments.ledger');
  // A folder that cannot be made is told by the scripts, with their names, when somebody pays.
  await mkdir(dirname(path), { recursive: true }).catch(() => {});
  return path;
}
