export { type CheckReport, check, type RuleReport } from './check.ts';
export { RULES, type Rule, type RuleId, SOURCES } from './contract/index.ts';
export {
  BadOptionError,
  CannotCheckError,
  EffectUnreadableError,
  FirstRequestRefusedError,
  NobodyAnswersError,
  NotYoursError,
} from './errors.ts';
export type { Verdict } from './findings.ts';
export type { CheckOptions } from './options.ts';
