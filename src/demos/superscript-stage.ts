import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createPaymentLedger,
  createScripts,
  PAYMENT_SCRIPT,
  type PaymentLedger,
  type Scripts,
  TRADITIONAL_SCRIPT,
} from '#systems/superscript';

/** Each step takes a moment before its effect, so that one sees the script work. */
export const SCRIPT_SETTINGS: Readonly<Record<string, string>> = {
  PAYMENT_STEP1_DELAY_MS: '60',
  PAYMENT_STEP2_DELAY_MS: '60',
};

/** Where the demo plays: the scripts, and a ledger for each side, in a folder that is gone afterwards. */
export interface SuperscriptStage extends AsyncDisposable {
  readonly scripts: Scripts;
  /** What the script does on its own. */
  readonly naive: PaymentLedger;
  /** What the workflows do. */
  readonly safe: PaymentLedger;
}

/** Disposed of, it ends every script that still runs, before the folder goes. */
export async function openSuperscriptStage(directory: string): Promise<SuperscriptStage> {
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-superscript-'));
  const scripts = createScripts({ directory, names: [TRADITIONAL_SCRIPT, PAYMENT_SCRIPT] });
  return {
    scripts,
    naive: createPaymentLedger(join(folder, 'naive.ledger')),
    safe: createPaymentLedger(join(folder, 'safe.ledger')),
    async [Symbol.asyncDispose]() {
      await scripts[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
