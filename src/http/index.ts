export { type Admit, type Admitted, createAdmission } from './admission.ts';
export { answerRun, type RunAnswer } from './answer.ts';
export { createApp, createRouter } from './app.ts';
export {
  type Authenticate,
  type Principal,
  principalOf,
  requirePrincipal,
  tenantOf,
} from './authenticate.ts';
export { badMember } from './bad-member.ts';
export { BadTokenError, bearerTokens } from './bearer-tokens.ts';
export { type JsonBodyOptions, jsonBody, objectBody } from './body.ts';
export { fetchJson, type JsonAnswer, type JsonRequest, membersOf } from './fetch-json.ts';
export type { StoredAnswer } from './idempotent/answer.ts';
export { AnswerBrokenOffError, AnswerTooLargeError } from './idempotent/capture.ts';
export { ENDINGS, type Ending, type Endings, noteEnding } from './idempotent/endings.ts';
export {
  type Idempotency,
  type IdempotentOptions,
  idempotencyOf,
  idempotent,
} from './idempotent.ts';
export { MAX_ID_LENGTH, parseId, parsePathId, parseTenant } from './ids.ts';
export { JsonNumber, parseJson } from './json.ts';
export { keyOfReference, readStatus } from './other-service.ts';
export { prefers } from './prefer.ts';
export { Problem, type ProblemDetails, problemType } from './problem.ts';
export { type ProblemHandlerOptions, problemHandler } from './problem-handler.ts';
export { type RateLimitOptions, rateLimit, unlimited } from './rate-limit.ts';
export { itemPaths, methodNotAllowed, notFound } from './routes.ts';
export {
  createRunHandlers,
  createStateHandler,
  type OrderName,
  type OrderRuns,
  type RunHandlersOptions,
  type RunNames,
  type StateHandlerOptions,
} from './run-handlers.ts';
export {
  nameMismatch,
  notSettled,
  startUnknown,
  stillRunning,
  unknownOrder,
} from './run-problems.ts';
export { type TellOptions, type Told, tellUntilTaken } from './tell.ts';
export { type TemporalAwayOptions, temporalAway } from './temporal-away.ts';
