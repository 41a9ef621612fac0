import type { Request, Response } from 'express';
import type { StartOutcome } from '#temporal';
import { prefers } from './prefer.ts';

export interface RunAnswer {
  readonly outcome: StartOutcome;
  /** The path where to look for what is not known yet, and the body that goes with it. */
  readonly location: string;
  readonly accepted: Readonly<Record<string, unknown>>;
  /** Waits for the body; undefined where the time was up first. */
  result(): Promise<unknown>;
}

/**
 * Answers with what a run came to, or with 202 and where to look, when that takes too long or the client would rather not
 * wait (`Prefer: respond-async`). All but the one who has started the run are told `Idempotent-Replayed: true`.
 *
 * @throws what `result` throws
 * @see https://www.rfc-editor.org/rfc/rfc7240#section-4.1
 */
export async function answerRun(
  request: Request,
  response: Response,
  { outcome, location, accepted, result }: RunAnswer,
): Promise<void> {
  if (outcome !== 'started') response.set('Idempotent-Replayed', 'true');
  const isAsync = prefers(request.get('Prefer'), 'respond-async');
  if (isAsync) response.set('Preference-Applied', 'respond-async');

  const body = isAsync ? undefined : await result();
  if (body !== undefined) response.json(body);
  else response.status(202).location(`${request.baseUrl}${location}`).json(accepted);
}
