import { type Client, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Recorder } from '../recorder.ts';
import { COMPLETED, type Ending, endingOf } from './ending.ts';
import { orStuck, settled } from './stuck.ts';

/** What a start resolves to: the run was started, or joined. A `WorkflowHandle` fits, and so does a `Run`. */
export interface Started {
  readonly workflowId: string;
  readonly runId?: string;
  readonly firstExecutionRunId?: string;
  /** The system's word for it: `started`, `joined`, … */
  readonly outcome?: string;
}

/** The runs of one trial. */
export interface Runs {
  /** Of the workflows that were asked for, in that order. */
  readonly askedFor: readonly string[];
  /** Of all workflows that have begun, children included. */
  readonly workflowIds: ReadonlySet<string>;
  /**
   * Lets somebody ask.
   *
   * @throws {AskFailedError}
   * @throws {StuckError}
   */
  ask(name: string): Promise<void>;
  /**
   * Waits until the runs of all who have asked have closed.
   *
   * @returns how the run of the first one did; of several runs under one ID, the last
   * @throws {AskFailedError} the first one was refused
   * @throws {StuckError}
   */
  closed(): Promise<Ending>;
  /** Ends every run that may be open. */
  end(): Promise<void>;
}

export interface RunsOptions {
  readonly client: Client;
  readonly start: () => Promise<Started>;
  readonly recorder: Recorder;
  readonly givenUp: AbortSignal;
}

export function createRuns({ client, start, recorder, givenUp }: RunsOptions) {
  const askedFor: string[] = [];
  const requests: Promise<unknown>[] = [];
  const workflowIds = new Set<string>();

  async function answer(): Promise<{ outcome: string; runId?: string }> {
    const { workflowId, outcome = 'answered', runId, firstExecutionRunId } = await start();
    askedFor.push(workflowId);
    const id = runId ?? firstExecutionRunId;
    return { outcome, ...(id !== undefined && { runId: id }) };
  }

  return {
    askedFor,
    workflowIds,
    began: (workflowId: string) => void workflowIds.add(workflowId),

    async ask(name: string) {
      const answered = recorder.request(name, answer).catch((cause: unknown) => {
        throw new AskFailedError(name, cause);
      });
      requests.push(answered);
      await orStuck(answered, givenUp, `the request of ${name}`);
    },

    async closed(): Promise<Ending> {
      await orStuck(Promise.resolve(requests[0]), givenUp, 'the first request');
      const endings = askedFor.map((workflowId) => ended(client, workflowId, givenUp));
      const [first = COMPLETED] = await orStuck(Promise.all(endings), givenUp, 'the run');
      return first;
    },

    async end() {
      // A start that is on its way would open a run behind our back.
      await settled(requests);
      const all = [...new Set([...askedFor, ...workflowIds])];
      await Promise.all(all.map((workflowId) => terminate(client, workflowId)));
    },
  };
}

/** Somebody asked, and got an error. */
export class AskFailedError extends Error {
  override readonly name = 'AskFailedError';

  constructor(name: string, cause: unknown) {
    super(`${name} was refused: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

/** Asked of the server: what the system makes of an ending for its own callers is its own affair. */
async function ended(client: Client, workflowId: string, givenUp: AbortSignal): Promise<Ending> {
  try {
    await client.withAbortSignal(givenUp, () => client.workflow.getHandle(workflowId).result());
    return COMPLETED;
  } catch (error) {
    if (error instanceof WorkflowFailedError) return endingOf(error);
    throw error;
  }
}

async function terminate(client: Client, workflowId: string): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId).terminate('The explorer has seen enough of it');
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
