import type { Request, RequestHandler, Response, Router } from 'express';
import {
  type Admit,
  createAdmission,
  createRouter,
  itemPaths,
  jsonBody,
  methodNotAllowed,
  parsePathId,
  tenantOf,
} from '#http';
import { scoped } from '#idempotency';
import { flowProblem, flowProblemHandler, unknownWorkflow, withName } from './flow-problems.ts';
import { businessKeyOf, type FlowCatalog, MAX_START_BYTES, readStart } from './flow-request.ts';
import type { Flows } from './flows.ts';
import { describeNodes } from './http-nodes.ts';
import { createSignalHandler } from './http-signal.ts';
import type { OnFlowProgress } from './progress.ts';

export interface FlowRouterOptions extends FlowCatalog {
  readonly flows: Flows;
  /** What a flow that is new has to pass, such as `rateLimit`. With it, each flow is looked up first. */
  readonly limit?: RequestHandler | undefined;
  readonly onProgress?: OnFlowProgress | undefined;
}

/**
 * `/start-workflow`, `/send-signal` and `/workflow-status/:id`: one name, one run, whoever starts it and however often; all
 * but the first are marked `Idempotent-Replayed: true`. Beside them what can be started (`/flows`) and what it can be made
 * of (`/nodes`).
 *
 * Trap: a start that names nothing is a new run each time, and its answer says so: `"idempotent": false`.
 */
export function createFlowRouter(options: FlowRouterOptions): Router {
  const { flows, limit, onProgress } = options;
  const admit = createAdmission(limit);
  const router = createRouter();
  const post = (path: string, limitBytes: number, handler: RequestHandler) =>
    router.route(path).post(jsonBody({ limitBytes }), handler).all(methodNotAllowed('POST'));
  const get = (path: string | string[], handler: RequestHandler) =>
    router.route(path).get(handler).all(methodNotAllowed('GET', 'HEAD'));

  post('/start-workflow', MAX_START_BYTES, (request, response) =>
    start(options, admit, request, response),
  );
  post('/send-signal', MAX_SIGNAL_BYTES, createSignalHandler(flows));
  get(itemPaths('/workflow-status', 'id'), (request, response) => show(flows, request, response));
  get('/nodes', (_request, response) => void response.json({ nodes: describeNodes() }));
  get('/flows', (_request, response) => void response.json({ flows: describeFlows(options) }));
  router.use(flowProblemHandler(onProgress));
  return router;
}

/** A flow carries its signals with it. */
const MAX_SIGNAL_BYTES = 64 * 1024;

async function start(
  options: FlowRouterOptions,
  admit: Admit,
  request: Request,
  response: Response,
): Promise<void> {
  const { flows } = options;
  const { idempotent, ...asked } = readStart(request, options);
  const { name, tenant } = asked;
  const intent = {
    id: scoped(tenant, name),
    isKnown: async () => idempotent && (await flows.state(name, tenant)) !== undefined,
  };
  const starting = admit(intent, request, response, () => flows.start(asked));
  const { outcome, runId } = await starting.catch((error: unknown) => {
    throw idempotent ? error : withName(error, `"workflow_id": "${name}"`);
  });
  if (outcome !== 'started') response.set('Idempotent-Replayed', 'true');
  response.json({
    workflow_id: name,
    run_id: runId,
    outcome,
    idempotent,
    message: 'Workflow started successfully',
  });
}

async function show(flows: Flows, request: Request, response: Response): Promise<void> {
  const name = parsePathId('Workflow ID', request.params.id);
  const view = await flows.state(name, tenantOf(request));
  if (view === undefined) throw unknownWorkflow();

  const { runId, status, flow, result, error } = view;
  response.json({
    workflow_id: name,
    run_id: runId,
    status,
    // Without a worker that answers, nobody knows how far it is.
    ...(flow && { flow }),
    ...(result && { result }),
    ...(error && { problem: flowProblem(error)?.toJSON() }),
  });
}

function describeFlows(options: FlowRouterOptions) {
  return [...options.catalog].map(([name, definition]) => ({
    name,
    version: definition.version,
    business_key: businessKeyOf(options, name),
    definition,
  }));
}
