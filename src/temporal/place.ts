import { ApplicationFailure } from '@temporalio/common';
import { defineUpdate, setHandler, workflowInfo } from '@temporalio/workflow';
import { FINGERPRINT, START_TOKEN } from './intent.ts';

// Replayed with the workflows that are placed: no clock, no randomness, nothing of Node.

/** What the update of `placeOrJoin` answers. */
export interface Placed<Answer> {
  readonly answer: Answer;
  /** Of the call that has started the run: whoever knows it has started it. */
  readonly start_token: unknown;
  /** Of the run that has answered: the client's handle of an update-with-start does not tell it. */
  readonly run_id: string;
}

/**
 * For workflow code: answers the update by which `placeOrJoin` places what this workflow is about.
 *
 * Update-with-start hands out the run of any other intent, too, without a word; this one refuses it.
 *
 * Trap: an update that waits for what comes after continue-as-new, or after the close, waits in vain.
 */
export function handlePlacing<Answer>(update: string, answer: () => Promise<Answer>): void {
  const placing = defineUpdate<Placed<Answer>, [string]>(update);
  setHandler(
    placing,
    async () => ({
      answer: await answer(),
      start_token: workflowInfo().memo?.[START_TOKEN],
      run_id: workflowInfo().runId,
    }),
    { validator: requireSameIntent },
  );
}

function requireSameIntent(fingerprint: string): void {
  if (workflowInfo().memo?.[FINGERPRINT] === fingerprint) return;
  throw ApplicationFailure.nonRetryable('It was placed with other values', 'IntentMismatchError');
}
