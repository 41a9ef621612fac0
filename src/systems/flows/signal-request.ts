import { randomUUID } from 'node:crypto';
import type { Request } from 'express';
import { objectBody, Problem, parseId, problemType, tenantOf } from '#http';
import { parseIdempotencyKey } from '#idempotency';
import { UnknownSignalError } from './errors.ts';
import { SIGNAL_NAMES, type SignalInput, type SignalName } from './flow.ts';
import { plainJson } from './http-json.ts';

/** A signal, whom it is for, and whether it is known again when it is sent again. */
export interface AskedSignal {
  readonly tenant: string | undefined;
  /** At least one of the two. */
  readonly workflowId: string | undefined;
  readonly runId: string | undefined;
  readonly signal: SignalName;
  readonly input: SignalInput;
  readonly idempotent: boolean;
}

/**
 * The signal that a body asks for. Its sender's name for it is its `signal_id`, else the header `Idempotency-Key`.
 *
 * Trap: without either its name is random, and sent again it is another signal.
 *
 * @throws {Problem} 400
 * @throws {UnknownSignalError}
 * @throws {InvalidKeyError} which is a 400 as well
 */
export function readSignal(request: Request): AskedSignal {
  const { workflow_id, run_id, signal_name, signal_id, payload } = objectBody(request);
  const lines = request.headersDistinct['idempotency-key'];
  const key = lines && parseId('Idempotency-Key', parseIdempotencyKey(lines));
  const workflowId = readOptional('Workflow ID', workflow_id);
  const runId = readOptional('Run ID', run_id);
  if (workflowId === undefined && runId === undefined) throw toNobody();

  const own = signal_id === undefined ? key : parseId('Signal ID', signal_id);
  const input = {
    signal_id: own ?? randomUUID(),
    ...(payload !== undefined && { payload: plainJson('payload', payload) }),
  };
  const signal = readName(signal_name);
  return { tenant: tenantOf(request), workflowId, runId, signal, input, idempotent: !!own };
}

function readName(value: unknown = SIGNAL_NAMES[0]): SignalName {
  const name = parseId('Signal name', value);
  const known = SIGNAL_NAMES.find((one) => one === name);
  if (known === undefined) throw new UnknownSignalError(name, SIGNAL_NAMES);
  return known;
}

/** Some clients send an empty text for what they do not know. */
function readOptional(label: string, value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  return parseId(label, value);
}

function toNobody(): Problem {
  return new Problem({
    status: 400,
    type: problemType('missing-workflow-id'),
    title: 'Missing ID',
    detail: 'workflow_id or run_id is required',
  });
}
