import {
  ApplicationFailure,
  activityInfo,
  Context,
  cancellationSignal,
  heartbeat,
} from '@temporalio/activity';
import { collectKey, confirmKey } from './ids.ts';
import { type PaymentInput, type PaymentResult, paymentFromInput, reportOf } from './payment.ts';
import { type OnPaymentProgress, reportStep } from './progress.ts';
import type { ScriptOutcome, Scripts } from './script.ts';
import { failureOf, ScriptError } from './script-errors.ts';

/** The script that pays, in two steps. */
export const PAYMENT_SCRIPT = 'single_payment_collection.sh';

export type PaymentActivities = ReturnType<typeof createPaymentActivities>;

export interface PaymentActivitiesOptions {
  readonly scripts: Pick<Scripts, 'run'>;
  /** The file that the scripts write their effects to, absolute: the step journal of all workers that share it. */
  readonly ledgerPath: string;
  /** Further settings of the scripts, such as `PAYMENT_STEP1_DELAY_MS`. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
  readonly onProgress?: OnPaymentProgress | undefined;
}

/**
 * The two steps of a payment as activities: each executes at least once, and has one effect.
 *
 * The key `<workflow ID>/<step>` is in the line that the step writes to the ledger, in one write. A later attempt, run
 * or reset of the step finds its line there, writes none, and says what the first one said. The second activity runs
 * the whole script, in which the first step is found done.
 */
export function createPaymentActivities(options: PaymentActivitiesOptions) {
  return {
    async collectPayment(input: PaymentInput): Promise<PaymentResult> {
      const { workflowId } = ownExecution();
      const key = collectKey(workflowId);
      const settings = { PAYMENT_STEP1_KEY: key, PAYMENT_STOP_AFTER: '1' };
      const result = await runPaymentScript(options, input, settings);
      reportStep(options.onProgress, 'collect', key, result);
      return result;
    },

    async confirmPayment(input: PaymentInput): Promise<PaymentResult> {
      const { workflowId } = ownExecution();
      const key = confirmKey(workflowId);
      const settings = { PAYMENT_STEP1_KEY: collectKey(workflowId), PAYMENT_STEP2_KEY: key };
      const result = await runPaymentScript(options, input, settings);
      reportStep(options.onProgress, 'confirm', key, result);
      return result;
    },
  };
}

/**
 * Runs the payment script, heartbeats for as long as it runs, and ends it where nobody wants its answer any more.
 *
 * @throws an `ApplicationFailure` named as the script's error, with the `ScriptReport` in its details
 */
export async function runPaymentScript(
  { scripts, ledgerPath, settings }: PaymentActivitiesOptions,
  input: PaymentInput,
  ofStep: Readonly<Record<string, string>> = {},
): Promise<PaymentResult> {
  const { orderId } = paymentFromInput(input);
  const { attempt, startToCloseTimeoutMs } = activityInfo();
  const beats = setInterval(heartbeat, HEARTBEAT_EVERY_MS);
  try {
    const outcome = await scripts.run(PAYMENT_SCRIPT, [orderId], {
      env: {
        ...settings,
        ...ofStep,
        PAYMENT_LEDGER: ledgerPath,
        PAYMENT_BY: `run ${ownExecution().runId}, attempt ${attempt}`,
      },
      // Before the server gives up on this attempt, its script has ended.
      timeoutMs: startToCloseTimeoutMs * 0.8,
      graceMs: startToCloseTimeoutMs * 0.1,
      signal: cancellationSignal(),
    });
    if (outcome.stopped === 'cancelled') await Context.current().cancelled;
    return resultOf(orderId, attempt, outcome);
  } catch (error) {
    throw error instanceof ScriptError ? applicationFailure(error, orderId, attempt) : error;
  } finally {
    clearInterval(beats);
  }
}

const HEARTBEAT_EVERY_MS = 1_000;

function resultOf(orderId: string, attempt: number, outcome: ScriptOutcome): PaymentResult {
  const failure = failureOf(PAYMENT_SCRIPT, outcome);
  if (failure !== undefined) throw failure;
  const report = reportOf(orderId, attempt, outcome, true);
  return { ...report, success: true, exit_code: 0, signal: null };
}

function applicationFailure(error: ScriptError, orderId: string, attempt: number) {
  const { outcome } = error;
  return ApplicationFailure.create({
    message: error.message,
    type: error.name,
    nonRetryable: error.fatal,
    details: outcome ? [reportOf(orderId, attempt, outcome, false)] : [],
    cause: error,
  });
}

export function ownExecution() {
  const { workflowExecution } = activityInfo();
  if (workflowExecution === undefined) throw new Error('This activity belongs to a workflow');
  return workflowExecution;
}
