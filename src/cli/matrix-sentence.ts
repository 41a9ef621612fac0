import type { PolicyCell, PolicyOutcome, Prior } from '#atlas';

/** A cell as a person says it. */
export function sentenceOf(cell: PolicyCell): string {
  const { api, reuse, conflict, prior, outcome, oldTerminated } = cell;
  const policies = api === 'childStart' ? `reuse ${reuse}` : `reuse ${reuse}, conflict ${conflict}`;
  const ending = oldTerminated ? ', and the run that was open is terminated' : '';
  return `${UNDER_IT[prior]}, ${api} (${policies}): ${COMES_TO[outcome]}${ending}`;
}

const UNDER_IT: Readonly<Record<Prior, string>> = {
  none: 'nothing is under the ID',
  running: 'a run is open',
  completed: 'the run has completed',
  failed: 'the run has failed',
  cancelled: 'the run was cancelled',
  terminated: 'the run was terminated',
  timedOut: 'the run has timed out',
  continuedAsNew: 'a run has continued as new, and its successor is open',
  continuedAsNewThenCompleted: 'a run has continued as new, and its successor has completed',
};

const COMES_TO: Readonly<Record<PolicyOutcome, string>> = {
  new: 'a new run is started',
  existing: 'no run is started, and the caller gets the one that is open',
  'already-started': 'refused with WorkflowExecutionAlreadyStartedError, and no run is started',
  'invalid-argument': 'refused as an invalid argument, whatever is under the ID',
};
