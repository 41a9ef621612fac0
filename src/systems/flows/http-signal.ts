import type { RequestHandler } from 'express';
import { nameMismatch, Problem } from '#http';
import { fingerprint } from '#idempotency';
import { FlowNotOpenError } from './errors.ts';
import { flowOver, notCurrent, unknownRun, unknownWorkflow, withName } from './flow-problems.ts';
import type { Flows } from './flows.ts';
import { type AskedSignal, readSignal } from './signal-request.ts';

/**
 * `POST /send-signal`: to the flow that a `workflow_id` names, or whose current run a `run_id` names. Sent again with its
 * `signal_id` it changes nothing, and a flow that is over and knows it still says so.
 */
export function createSignalHandler(flows: Flows): RequestHandler {
  return async (request, response) => {
    const asked = readSignal(request);
    const { signal, idempotent } = asked;
    const { signal_id } = asked.input;
    try {
      const name = await targetOf(flows, asked);
      if (!(await isSent(flows, name, asked))) response.set('Idempotent-Replayed', 'true');
      response.json({
        workflow_id: name,
        signal_name: signal,
        signal_id,
        idempotent,
        message: `Successfully sent '${signal}' signal to workflow: ${name}`,
      });
    } catch (error) {
      throw idempotent ? error : withName(error, `"signal_id": "${signal_id}"`);
    }
  };
}

/** @throws {Problem} 404, and 409 for a run that is not the current one */
async function targetOf(flows: Flows, { tenant, workflowId, runId }: AskedSignal): Promise<string> {
  if (runId === undefined) return workflowId as string;
  const name = workflowId ?? (await flows.nameOf(runId, tenant));
  if (name === undefined) throw unknownRun();
  const view = await flows.state(name, tenant);
  if (view === undefined) throw unknownWorkflow();
  if (view.runId !== runId) throw notCurrent();
  return name;
}

/**
 * False where the flow had it before it ended: then only the answer was lost.
 *
 * @throws {Problem} 404, and 409 where the flow is over
 */
async function isSent(flows: Flows, name: string, asked: AskedSignal): Promise<boolean> {
  const { tenant, signal, input } = asked;
  const digest = contentOf({ name: signal, ...input });
  if (asked.idempotent && (await isKnown(flows, name, asked, digest))) return false;
  try {
    await flows.signal(name, signal, input, tenant);
    return true;
  } catch (error) {
    if (!(error instanceof FlowNotOpenError)) throw error;
  }
  const view = await flows.state(name, tenant);
  if (view === undefined) throw unknownWorkflow();
  if (view.flow?.signals.some((known) => contentOf(known) === digest)) return false;
  throw flowOver();
}

/**
 * An open flow takes the first signal of an ID, and has nobody to tell that another one came: so it is told here.
 *
 * @throws {Problem} 422 where the ID is that of another signal
 */
async function isKnown(
  flows: Flows,
  name: string,
  { tenant, input: { signal_id } }: AskedSignal,
  digest: string,
): Promise<boolean> {
  const view = await flows.state(name, tenant);
  const known = view?.flow?.signals.find((one) => one.signal_id === signal_id);
  if (view?.status !== 'running' || known === undefined) return false;
  if (contentOf(known) === digest) return true;
  throw new Problem(
    nameMismatch(
      `"${signal_id}" was sent before with another payload: send the first one again, or use a new signal_id`,
    ),
  );
}

interface Content {
  readonly name: string;
  readonly signal_id: string;
  readonly payload?: unknown;
}

/** Another payload under the same ID is another signal. */
function contentOf({ name, signal_id, payload = null }: Content): string {
  return fingerprint({ name, signal_id, payload });
}
