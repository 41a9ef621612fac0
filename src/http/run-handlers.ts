import type { Request, RequestHandler, Response } from 'express';
import type { RunFailedError, RunState, StartedRun } from '#temporal';
import { createAdmission } from './admission.ts';
import { answerRun } from './answer.ts';
import { tenantOf } from './authenticate.ts';
import { stillRunning, unknownOrder } from './run-problems.ts';

/** What a run is named after. */
export interface OrderName {
  /** Whose order it is; absent where nobody is told apart. */
  readonly tenant?: string | undefined;
  readonly orderId: string;
}

/** Runs of a system: one order, one run, whoever asks and however often. */
export interface OrderRuns<Order extends OrderName, Result> {
  start(order: Order, options?: { readonly retryFailed?: boolean }): Promise<StartedRun<Result>>;
  state(orderId: string, tenant?: string): Promise<RunState<Result> | undefined>;
}

export interface RunHandlersOptions<Order extends OrderName, Result> {
  readonly runs: OrderRuns<Order, Result>;
  readonly workflowId: (orderId: string, tenant?: string) => string;
  /** The order that a request to start asks for. */
  readonly read: (request: Request, response: Response) => Order;
  /** The same of a request to try again, whose path names the order. */
  readonly readOfPath: (request: Request, response: Response) => Order;
  /** Where the order's state is found. @param id percent-encoded */
  readonly location: (id: string) => string;
  /** The body of the answer; undefined where the run goes on (`unlessRunning`), which is answered with 202. */
  readonly body: (run: StartedRun<Result>) => Promise<unknown>;
  /** Further members of that 202. */
  readonly accepted?: (run: StartedRun<Result>) => Readonly<Record<string, unknown>>;
  /** What runs, as the problem `<noun>-still-running` calls it, and what to do: for a person. */
  readonly stillRuns: { readonly noun: string; readonly detail: string };
  /** How to ask for an order that nobody has asked for: for a person. */
  readonly neverAsked: string;
  /** What an order that is new has to pass, such as `rateLimit`. With it, each order is looked up first. */
  readonly limit?: RequestHandler | undefined;
}

/**
 * The routes that ask for the run of an order. `start` gives everybody the answer of its one run; `retry`, a person's
 * decision, starts again where that has failed, and only there.
 *
 * ```ts
 * const { start, retry } = createRunHandlers({ runs: fees, read: readFee, … });
 * router.route(itemPaths('/orders', 'orderId', '/fee')).post(jsonBody(), start);
 * ```
 *
 * What they throw goes to the router's `problemHandler`: an order that nobody has asked for (404), a retry of a run
 * that is open (409), and what `read`, `runs` and `body` throw.
 */
export function createRunHandlers<Order extends OrderName, Result>(
  options: RunHandlersOptions<Order, Result>,
): { readonly start: RequestHandler; readonly retry: RequestHandler } {
  const { runs, workflowId, read, readOfPath, stillRuns, neverAsked, limit } = options;
  const admit = createAdmission(limit);
  return {
    async start(request, response) {
      const order = read(request, response);
      const { orderId, tenant } = order;
      const intent = {
        id: workflowId(orderId, tenant),
        isKnown: async () => (await runs.state(orderId, tenant)) !== undefined,
      };
      const run = await admit(intent, request, response, () => runs.start(order));
      await answer(options, request, response, order, run);
    },
    async retry(request, response) {
      const order = readOfPath(request, response);
      const { orderId, tenant } = order;
      if ((await runs.state(orderId, tenant)) === undefined) throw unknownOrder(neverAsked);

      // Of a run that is open, and of one that succeeded, this start makes no other.
      const run = await runs.start(order, { retryFailed: true });
      if (run.outcome === 'joined') throw stillRunning(stillRuns.noun, stillRuns.detail);
      await answer(options, request, response, order, run);
    },
  };
}

async function answer<Order extends OrderName, Result>(
  { location, accepted, body }: RunHandlersOptions<Order, Result>,
  request: Request,
  response: Response,
  { orderId }: Order,
  run: StartedRun<Result>,
): Promise<void> {
  const { outcome, workflowId, runId } = run;
  await answerRun(request, response, {
    outcome,
    location: location(encodeURIComponent(orderId)),
    accepted: { order_id: orderId, workflow_id: workflowId, run_id: runId, ...accepted?.(run) },
    result: () => body(run),
  });
}

/** Of a run that failed. Who looks into the history needs both names. */
export interface RunNames {
  readonly workflowId: string;
  readonly runId: string;
}

export interface StateHandlerOptions<Result>
  extends Pick<RunHandlersOptions<OrderName, Result>, 'neverAsked'> {
  readonly runs: Pick<OrderRuns<never, Result>, 'state'>;
  /** The ID that the path names. */
  readonly readId: (request: Request) => string;
  /** The members of the problem that a run came to. */
  readonly problem: (error: RunFailedError, run: RunNames) => unknown;
}

/** Shows what has become of an order: its status, and its result or the problem that its clients are told. */
export function createStateHandler<Result>({
  runs,
  readId,
  problem,
  neverAsked,
}: StateHandlerOptions<Result>): RequestHandler {
  return async (request, response) => {
    const orderId = readId(request);
    const state = await runs.state(orderId, tenantOf(request));
    if (state === undefined) throw unknownOrder(neverAsked);

    const { status, workflowId, runId } = state;
    response.json({
      order_id: orderId,
      status,
      workflow_id: workflowId,
      run_id: runId,
      ...(state.status === 'done' && { result: state.result }),
      ...(state.status === 'failed' && { problem: problem(state.error, state) }),
    });
  };
}
