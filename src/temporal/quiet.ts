import { IllegalStateError } from '@temporalio/common';
import { DefaultLogger, Runtime } from '@temporalio/worker';

/**
 * Lets the SDK log nothing, so that a program's output is its own, and leaves signals to the program: the
 * Runtime would stop every worker on SIGINT, behind the back of whoever stops them in order. Safe to call
 * twice.
 *
 * Trap: a process has one Runtime. One that is there already is left as it is, noise included; so call
 * this before the first worker or native connection. And it keeps the process alive: a command has to exit.
 */
export function installQuietRuntime(): void {
  try {
    Runtime.install({
      logger: new DefaultLogger('ERROR', () => {}),
      shutdownSignals: [],
      telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
    });
  } catch (error) {
    if (!(error instanceof IllegalStateError)) throw error;
  }
}
