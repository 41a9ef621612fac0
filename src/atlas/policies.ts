/** How a workflow can be asked for. */
export const APIS = ['start', 'signalWithStart', 'executeUpdateWithStart', 'childStart'] as const;
/** What may happen where the last run under the ID is closed; `unset` leaves it to the server. */
export const REUSE_POLICIES = [
  'unset',
  'ALLOW_DUPLICATE',
  'ALLOW_DUPLICATE_FAILED_ONLY',
  'REJECT_DUPLICATE',
  'TERMINATE_IF_RUNNING',
] as const;
/** What may happen where it is open. A child has none: of `childStart` there is `unset` alone. */
export const CONFLICT_POLICIES = ['unset', 'FAIL', 'USE_EXISTING', 'TERMINATE_EXISTING'] as const;
/** What is under the workflow ID already. */
export const PRIORS = [
  'none',
  'running',
  'completed',
  'failed',
  'cancelled',
  'terminated',
  'timedOut',
  'continuedAsNew',
  'continuedAsNewThenCompleted',
] as const;

export type Api = (typeof APIS)[number];
export type ReusePolicy = (typeof REUSE_POLICIES)[number];
export type ConflictPolicy = (typeof CONFLICT_POLICIES)[number];
export type Prior = (typeof PRIORS)[number];

/**
 * `new`: a run was started. `existing`: the caller got the run that was open. `already-started`: refused, because of
 * the run that is or was there. `invalid-argument`: refused, whatever is there.
 */
export type PolicyOutcome = 'new' | 'existing' | 'already-started' | 'invalid-argument';

/** What is asked: an ID under which `prior` is, asked for once more. */
export interface PolicyQuestion {
  readonly api: Api;
  readonly reuse: ReusePolicy;
  readonly conflict: ConflictPolicy;
  readonly prior: Prior;
}

/** What a server did. */
export interface PolicyCell extends PolicyQuestion {
  readonly outcome: PolicyOutcome;
  /** Whether the run that was open has been terminated by it. */
  readonly oldTerminated: boolean;
  /** Evidence: the runs that it saw under the ID, oldest first. */
  readonly runIds: readonly string[];
}

/** Every question of the table, in its order. */
export const POLICY_QUESTIONS: readonly PolicyQuestion[] = APIS.flatMap((api) =>
  REUSE_POLICIES.flatMap((reuse) =>
    conflictPoliciesOf(api).flatMap((conflict) =>
      PRIORS.map((prior) => ({ api, reuse, conflict, prior })),
    ),
  ),
);

export function conflictPoliciesOf(api: Api): readonly ConflictPolicy[] {
  return api === 'childStart' ? ['unset'] : CONFLICT_POLICIES;
}
