import { Client, Connection } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { v7 as uuid } from 'uuid';
import { history, pollUntilDisposed } from '#temporal';
import { installQuietRuntime } from '#temporal/quiet';
import { recordAttempts } from './attempts.ts';
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
  /** A worker that polls until it is disposed of. With a recorder, every attempt of its activities is noted. */
  runWorker(options: WorkerOptions, notes?: WorkerNotes): Promise<AsyncDisposable>;
  /** What the server recorded, in words; of the latest run without a run ID. */
  history(workflowId: string, runId?: string): Promise<readonly string[]>;
}

export interface WorkerNotes {
  readonly recorder: Recorder;
  /** `worker 1` without it. */
  readonly name?: string;
}

export interface TestServer {
  readonly address: string;
  /** Workflow bundles that were built once: path of the workflows -> path of the code. */
  readonly bundles: Readonly<Record<string, string>>;
}

/** Connects one test to a server that serves many: other task queue, other connections, same server. */
export async function connectTest({ address, bundles }: TestServer): Promise<Temporal> {
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

    async runWorker(options, notes) {
      const worker = await Worker.create({
        connection: env.nativeConnection,
        ...FOR_TESTS,
        ...(notes && { interceptors: recordAttempts(notes.recorder, notes.name ?? 'worker 1') }),
        ...builtOnce(options, bundles),
      });
      return pollUntilDisposed(worker);
    },

    history: (workflowId, runId) => history(env.client, workflowId, runId),

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

function builtOnce(
  { workflowsPath, ...rest }: WorkerOptions,
  bundles: TestServer['bundles'],
): WorkerOptions {
  const codePath = workflowsPath === undefined ? undefined : bundles[workflowsPath];
  if (codePath !== undefined) return { ...rest, workflowBundle: { codePath } };
  return workflowsPath === undefined ? rest : { ...rest, workflowsPath };
}
