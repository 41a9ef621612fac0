import type { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { LocalTestWorkflowEnvironmentOptions } from '@temporalio/testing';

/** What a caller may choose of a dev server. */
export interface DevServerSettings {
  /** `brisk`: made fast, for tests and demos. `default`: as it comes, where time is the subject. */
  readonly settings: 'brisk' | 'default';
  /** Registered before the first workflow: `defineSearchAttributeKey('OrderId', 'KEYWORD')`. */
  readonly searchAttributes?: readonly SearchAttribute[];
  /** The one that the connections are of, there from the start; `default` unless told. */
  readonly namespace?: string;
  /** Namespaces beside it, there from the start; they know the same search attributes. */
  readonly namespaces?: readonly string[];
  /** Of the server, for all namespaces: keys, and values as JSON has them. */
  readonly dynamicConfig?: Readonly<Record<string, unknown>>;
  /** SQLite file. Without it the server keeps all in memory, and forgets it. */
  readonly dbFilename?: string;
  /** Default: any free one. */
  readonly port?: number;
}

export type SearchAttribute = ReturnType<typeof defineSearchAttributeKey<SearchAttributeType>>;

/** Loopback: a dev server asks nobody who he is. */
export const DEV_SERVER_HOST = '127.0.0.1';

/** @param mark a setting that no server reads; it tells our process from all others */
export function serverOptions(
  options: DevServerSettings,
  cliPath: string,
  mark: string,
): NonNullable<LocalTestWorkflowEnvironmentOptions['server']> {
  const { settings, searchAttributes = [], namespace, namespaces = [], dbFilename, port } = options;
  const own = Object.entries(options.dynamicConfig ?? {}).map(
    ([key, value]) => `${key}=${JSON.stringify(value)}`,
  );
  const dynamicConfig = [mark, ...(settings === 'brisk' ? BRISK : []), ...own];
  return {
    executable: { type: 'existing-path', path: cliPath },
    ip: DEV_SERVER_HOST,
    ...(namespace !== undefined && { namespace }),
    ...(port !== undefined && { port }),
    ...(dbFilename !== undefined && { dbFilename }),
    searchAttributes: [...searchAttributes],
    log: { format: 'pretty', level: 'never' },
    extraArgs: ['--output', 'none'].concat(
      namespaces.flatMap((beside) => ['--namespace', beside]),
      dynamicConfig.flatMap((setting) => ['--dynamic-config-value', setting]),
    ),
  };
}

/**
 * Dynamic configuration of a dev server for tests and demos: the server works at once where a server
 * in production would batch, wait or spread. All together, a workflow with one activity takes 18 ms
 * instead of 147. Never an advice for production, and never used where the time is the subject.
 *
 * @see https://docs.temporal.io/references/dynamic-configuration
 */
const BRISK: readonly string[] = [
  // The default, 20 a second for a shard of which there is one, is why each task waits 50 ms.
  'history.transferProcessorMaxPollRPS=10000',
  // An activity of the worker that finished the workflow task comes with the answer, without a poll.
  'system.enableActivityEagerExecution=true',
  // Timers are looked for this far apart: a retry after 30 ms is one of 30 ms, and not of a second.
  'history.timerProcessorMaxTimeShift="10ms"',
  // An ID that is used again within a second waits for the rest of it; experiments do that on purpose.
  'history.workflowIdReuseMinimalInterval="0s"',
  // A run that is deleted is gone within milliseconds: else the server first waits, for half a minute, until
  // it has noted that all work on the run's close is done.
  'history.transferProcessorEnsureCloseBeforeDelete=false',
  // One partition for reading: a poll cannot wait at a partition where no task is.
  'matching.numTaskqueueReadPartitions=1',
  // And one for writing, which belongs to it. Together they remove rare stalls of two seconds.
  'matching.numTaskqueueWritePartitions=1',
  // A result that the server forgets to announce is found by the next poll: a second later, not 20.
  'history.longPollExpirationInterval="1s"',
];
