import type { LogEntry } from '@temporalio/worker';
import { type DestinationStream, pino } from 'pino';
import type { Config } from '#config';
import type { FaultProgress, KeyProgress, StartProgress } from '#temporal';

export type Log = ReturnType<typeof createLog>;

/** Where lines go: `process.stderr`, for one. */
export type LogDestination = DestinationStream;

/**
 * One JSON object a line: time, level, system, workflow ID, run ID, step, attempt, outcome.
 *
 * Each line names the members that it takes. What is not named is not written: no amount, no account, no answer.
 * A fault has the message of its error, whose words are ours or the database's; what a client sent is not in them.
 */
export function createLog(level: Config['logLevel'], to: LogDestination) {
  const logger = pino(
    {
      level,
      // Neither process nor host: whoever collects the lines knows where it has them from.
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // The usual one writes all members of an error, its stack and its causes.
      serializers: { err: (described: unknown) => described },
    },
    to,
  );

  return {
    start(system: string, { workflowId, runId, outcome }: StartProgress) {
      const members = { system, workflowId, runId, outcome };
      if (WORTH_A_LOOK.has(outcome)) logger.warn(members, 'start');
      else logger.info(members, 'start');
    },

    key(system: string, { workflowId, runId, step, attempt, outcome }: KeyProgress) {
      const members = { system, workflowId, runId, step, attempt, outcome };
      if (WORTH_A_LOOK.has(outcome)) logger.warn(members, 'key');
      else logger.info(members, 'key');
    },

    /** An answer with 500 or more, or something that could not be done at all. */
    fault: (system: string, { error }: Omit<FaultProgress, 'event'>) =>
      logger.error({ system, err: nameAndMessage(error) }, 'fault'),

    /** A warning of the SDK. Its errors are named and not quoted: the message of an activity's error is payload. */
    sdk({ level: severity, message, meta = {} }: LogEntry) {
      const { workflowId, runId, activityType: activity, attempt, sdkComponent, error } = meta;
      const component = sdkComponent === undefined ? 'sdk' : `sdk ${sdkComponent}`;
      const err = error === undefined ? undefined : { type: typeOf(error) };
      const members = { component, workflowId, runId, activity, attempt, err };
      const said = unquoted(message, error);
      if (severity === 'ERROR') logger.error(members, said);
      else logger.warn(members, said);
    },
  };
}

/** Another value under the same key, or an effect of which nobody knows: somebody should see why. */
const WORTH_A_LOOK = new Set<KeyProgress['outcome'] | StartProgress['outcome']>([
  'mismatch',
  'unknown',
]);

function nameAndMessage(error: unknown) {
  if (!(error instanceof Error)) return { type: typeof error };
  return { type: error.name, message: error.message };
}

/** Where the SDK cannot read an input, it says the parser's error in its own message, and that one quotes the input. */
function unquoted(message: string, error: unknown): string {
  if (!(error instanceof Error) || error.message === '') return message;
  return message.replaceAll(error.message, () => '…');
}

/** An `ApplicationFailure` carries the name of what was thrown. */
function typeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'type' in error && typeof error.type === 'string' ? error.type : error.name;
}
