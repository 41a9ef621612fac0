import { Client, Connection } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { v7 as uuid } from 'uuid';
import { history, pollUntilDisposed, withBundle } from '#temporal';
import { installQuietRuntime } from '#temporal/quiet';
import { type ActivityAttempts, activityAttempts, recordAttempts } from './attempts.ts';
import { bundleForTest } from './bundles.ts';
import { keepErrorLines } from './error-lines.ts';
import { type Fault, plantFaults } from './faults.ts';
import { joinInterceptors } from './interceptors.ts';
import type { Recorder } from './recorder.ts';

/** A Temporal server, seen by one test. */
export interface Temporal extends AsyncDisposable {
  readonly address: string;
  readonly client: Client;
  /** What a worker runs on. */
  readonly nativeConnection: NativeConnection;
  /** A task queue that no other test uses. */
  readonly taskQueue: string;
  /** A client on a connection of its own, as another process would have. Closed with the test. */
  connect(): Promise<Client>;
  /**
   * A worker that polls until it is disposed of. The system that it runs knows nothing of the experiment.
   *
   * Trap: with faults, activities time out after two seconds at most and are tried again after 20 ms, unless
   * `shrink` is false.
   */
  runWorker(options: WorkerOptions, experiment?: WorkerExperiment): Promise<AsyncDisposable>;
  /** What the server recorded, in words; of the latest run without a run ID. */
  history(workflowId: string, runId?: string): Promise<readonly string[]>;
  /** How often the server gave each activity out, by its own count; of the latest run without a run ID. */
  attempts(workflowId: string, runId?: string): Promise<readonly ActivityAttempts[]>;
}

/** What an experiment adds to a worker. */
export interface WorkerExperiment {
  /** Notes every attempt of every activity, as the server sees it: faults included. */
  readonly recorder?: Recorder;
  /** The worker's name in the record: `worker 1` without it. */
  readonly name?: string;
  /** Planted between the worker and its activities, the first one outermost. */
  readonly faults?: readonly Fault[];
  /** Whether timeouts and retry intervals are cut short; unless told, where there are faults. */
  readonly shrink?: boolean;
}

/** A server for many tests. */
export interface TestServer {
  readonly address: string;
}

/** Connects one test to a server that serves many: other task queue, other connections, same server. */
export async function connectTest({ address }: TestServer): Promise<Temporal> {
  installQuietRuntime();
  const env = await TestWorkflowEnvironment.createFromExistingServer({ address });
  const connections: Connection[] = [];

  return {
    address,
    client: env.client,
    nativeConnection: env.nativeConnection,
    taskQueue: `test-${uuid()}`,

    async connect() {
      const connection = await Connection.connect({ address });
      connections.push(connection);
      return new Client({ connection });
    },

    async runWorker(options, { recorder, name = 'worker 1', faults = [], ...rest } = {}) {
      const stopping = new AbortController();
      const { shrink = faults.length > 0 } = rest;
      const { interceptors = {}, ...system } = await withBundle(options, (of) =>
        bundleForTest(of, shrink),
      );
      const worker = await Worker.create({
        connection: env.nativeConnection,
        ...FOR_TESTS,
        ...system,
        interceptors: joinInterceptors(
          recorder ? recordAttempts(recorder, name) : {},
          plantFaults(faults, stopping.signal),
          interceptors,
        ),
      });
      keepErrorLines();
      return stopFirst(stopping, pollUntilDisposed(worker));
    },

    history: (workflowId, runId) => history(env.client, workflowId, runId),
    attempts: (workflowId, runId) => activityAttempts(env.client, workflowId, runId),

    async [Symbol.asyncDispose]() {
      await Promise.all(connections.map((connection) => connection.close()));
      await env.teardown();
    },
  };
}

/**
 * Options that suit a test and no production: workflows in the main thread (a worker costs 20 ms, not
 * 300), and an error in workflow code fails the run at once instead of being tried again for ever.
 */
const FOR_TESTS = {
  debugMode: true,
  workflowFailureErrorTypes: { '*': ['Error'] },
} satisfies Partial<WorkerOptions>;

/** Attempts that hang have to be told before the worker waits for them. */
function stopFirst(stopping: AbortController, polling: AsyncDisposable): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await polling[Symbol.asyncDispose]();
    },
  };
}
