import { type Client, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Recorder } from '../recorder.ts';
import { childrenOf } from './children.ts';
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

/** One run of a workflow. */
export interface Execution {
  readonly workflowId: string;
  readonly runId: string;
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
   * Waits until all runs have closed: of all who have asked, even in vain, and what these runs have begun, such as
   * children that outlive them.
   *
   * @returns how the run of the first one did; of several runs under one ID, the last
   * @throws {AskFailedError} the first one was refused
   * @throws {StuckError}
   */
  closed(): Promise<Ending>;
  /** Notes a workflow ID that is about to be asked for: the answer may be lost, and its run open. */
  note(workflowId: string): void;
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
  const noted = new Set<string>();
  const children = new Set<string>();
  /** By run ID. */
  const begun = new Map<string, string>();

  async function answer(): Promise<{ outcome: string; runId?: string }> {
    const started: Partial<Started> | undefined = await start();
    const { workflowId, outcome = 'answered', runId, firstExecutionRunId } = started ?? {};
    if (typeof workflowId !== 'string') throw new TypeError(NO_RUN);
    askedFor.push(workflowId);
    const id = runId ?? firstExecutionRunId;
    return { outcome, ...(id !== undefined && { runId: id }) };
  }

  async function noteChildrenOf(workflowId: string): Promise<void> {
    const runs = [...begun].filter(([, ofWorkflow]) => ofWorkflow === workflowId);
    const found = runs.map(([runId]) => childrenOf(client, { workflowId, runId }));
    for (const child of (await Promise.all(found)).flat()) children.add(child);
  }

  /** Visits all workflows, and then those that these have turned out to have begun, until there is no other. */
  async function visitAll(visit: (workflowId: string) => Promise<{ hasRun: boolean }>) {
    const visited = new Set<string>();
    for (;;) {
      const known = new Set([...askedFor, ...noted, ...workflowIds, ...children]);
      const others = [...known].filter((workflowId) => !visited.has(workflowId));
      if (others.length === 0) return;
      const visits = others.map(async (workflowId) => {
        visited.add(workflowId);
        if ((await visit(workflowId)).hasRun) await noteChildrenOf(workflowId);
      });
      await Promise.all(visits);
    }
  }

  async function endingOfAll(): Promise<Ending> {
    let first = COMPLETED;
    await visitAll(async (workflowId) => {
      const ending = await ended(client, workflowId, givenUp).catch((error: unknown) => {
        if (askedFor.includes(workflowId) || !(error instanceof WorkflowNotFoundError)) throw error;
      });
      if (ending && workflowId === askedFor[0]) first = ending;
      return { hasRun: ending !== undefined };
    });
    return first;
  }

  return {
    askedFor,
    workflowIds,
    began({ workflowId, runId }: Execution) {
      workflowIds.add(workflowId);
      begun.set(runId, workflowId);
    },
    note: (workflowId: string) => void noted.add(workflowId),

    async ask(name: string) {
      const answered = recorder.request(name, answer).catch((cause: unknown) => {
        throw new AskFailedError(name, cause);
      });
      requests.push(answered);
      await orStuck(answered, givenUp, `the request of ${name}`);
    },

    async closed(): Promise<Ending> {
      await orStuck(Promise.resolve(requests[0]), givenUp, 'the first request');
      return await orStuck(endingOfAll(), givenUp, 'the run');
    },

    async end() {
      // A start that is on its way would open a run behind our back.
      await settled(requests);
      await visitAll(async (workflowId) => ({ hasRun: await terminate(client, workflowId) }));
    },
  };
}

const NO_RUN =
  '`start` has to resolve to its run, { workflowId }, such as a handle; it is not to wait for the result';

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

/** @returns whether it was open */
async function terminate(client: Client, workflowId: string): Promise<boolean> {
  try {
    await client.workflow.getHandle(workflowId).terminate('The explorer has seen enough of it');
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
