export { executePolicies } from './execute.ts';
export {
  APIS,
  type Api,
  CONFLICT_POLICIES,
  type ConflictPolicy,
  conflictPoliciesOf,
  POLICY_QUESTIONS,
  type PolicyCell,
  type PolicyOutcome,
  type PolicyQuestion,
  PRIORS,
  type Prior,
  REUSE_POLICIES,
  type ReusePolicy,
} from './policies.ts';
export type { PolicyGround } from './prior.ts';
export { type ExecutedOn, readExecutedOn, readPolicies } from './read.ts';
export { POLICY_WORKFLOWS_PATH, policyWorkerOptions, runPolicyWorker } from './worker.ts';
