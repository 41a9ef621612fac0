import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { loadConfig } from '#config';
import { parseId, parseJson } from '#http';
import {
  createFlows,
  FLOW_ATTRIBUTES,
  type FlowState,
  type Flows,
  type FlowView,
  plainJson,
} from '#systems/flows';
import { requireSearchAttributes } from '#temporal';
import { connect } from '#temporal/connect';
import { encryptingDataConverter } from '#temporal/encryption';

/**
 * Asks the server that the environment names, as the workers of its flows do.
 *
 * @throws {MissingSearchAttributesError} it has never heard of flows
 * @throws what `connect` throws
 */
export async function withFlows<T>(task: (flows: Flows) => Promise<T>): Promise<T> {
  const { flowTaskQueue: taskQueue, fingerprintKey, payloadKeys } = loadConfig();
  const dataConverter = payloadKeys && encryptingDataConverter(payloadKeys);
  await using connections = await connect(process.env, { dataConverter });
  const { client } = connections;
  await requireSearchAttributes(client, FLOW_ATTRIBUTES);
  return await task(createFlows({ client, taskQueue, fingerprintKey }));
}

/** @throws {UnknownFlowError} */
export async function viewOf(flows: Flows, name: string): Promise<FlowView> {
  const view = await flows.state(name);
  if (view === undefined) throw new UnknownFlowError(name);
  return view;
}

/**
 * How far a flow has come.
 *
 * @throws {UnknownFlowError}
 * @throws {NoWorkerError}
 */
export async function flowStateOf(name: string): Promise<FlowState> {
  const { flow } = await withFlows((flows) => viewOf(flows, name));
  if (flow === undefined) throw new NoWorkerError(name);
  return flow;
}

/** Nobody has started it, or its retention has passed. */
export class UnknownFlowError extends Error {
  override readonly name = 'UnknownFlowError';

  constructor(name: string) {
    super(`No flow "${name}" is known: nobody has started it, or its retention has passed`);
  }
}

/** The server has the run; how far it is only a worker can tell. */
export class NoWorkerError extends Error {
  override readonly name = 'NoWorkerError';

  constructor(name: string) {
    super(`No worker tells how far "${name}" is: start one on its FLOW_TASK_QUEUE`);
  }
}

/** For an option that is JSON, or a file of it: `@FILE`. What HTTP refuses because it would be another one is refused here. */
export function jsonOption(text: string): unknown {
  const value = valueIn(text.startsWith('@') ? textOf(text.slice(1)) : text);
  try {
    return plainJson('It', value);
  } catch (error) {
    throw new InvalidArgumentError(`${error instanceof Error ? error.message : String(error)}.`);
  }
}

function valueIn(json: string): unknown {
  try {
    return parseJson(json);
  } catch {
    throw new InvalidArgumentError('It has to be JSON, or @ and the name of a file of it.');
  }
}

/** For an option or an argument that names something. */
export function idOption(label: string): (text: string) => string {
  return (text) => {
    try {
      return parseId(label, text);
    } catch (error) {
      throw new InvalidArgumentError(`${error instanceof Error ? error.message : String(error)}.`);
    }
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new InvalidArgumentError(`It cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}
