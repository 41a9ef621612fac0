import { IllegalStateError } from '@temporalio/common';
import { DefaultLogger, Runtime, type RuntimeOptions } from '@temporalio/worker';

/**
 * Lets the SDK log nothing, so that a program's output is its own. Safe to call twice.
 *
 * Trap: a process has one Runtime. One that is there already is left as it is, noise included; so
 * call this before the first worker or native connection.
 *
 * @param options `shutdownSignals: []` for a program that stops its workers itself: without it the
 *   Runtime stops them on SIGINT and SIGTERM, and a second stop of the same worker is an error
 */
export function installQuietRuntime(options: Pick<RuntimeOptions, 'shutdownSignals'> = {}): void {
  try {
    Runtime.install({
      ...options,
      logger: new DefaultLogger('ERROR', () => {}),
      telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
    });
  } catch (error) {
    if (!(error instanceof IllegalStateError)) throw error;
  }
}
