import { randomUUID } from 'node:crypto';
import type { Request } from 'express';
import { objectBody, Problem, parseId, problemType, tenantOf } from '#http';
import { parseIdempotencyKey } from '#idempotency';
import type { FlowDefinition } from './definition.ts';
import { InvalidFlowError } from './errors.ts';
import { checkFlow } from './flow-check.ts';
import { reservedName, unknownFlow } from './flow-problems.ts';
import type { FlowRequest } from './flows.ts';
import { plainJson, plainMembers } from './http-json.ts';
import { flowWorkflowId } from './ids.ts';
import { type AllowsWebhook, hostFlaws } from './webhook-hosts.ts';

/** The flows that can be started by name, and what they are about. */
export interface FlowCatalog {
  /** By name. */
  readonly catalog: ReadonlyMap<string, FlowDefinition>;
  /** Which member of its `input` a flow is about, by the flow's name; `cart_id` unless told. */
  readonly businessKeys?: ReadonlyMap<string, string> | undefined;
  /** Whom a definition may have webhooks sent to; anybody unless told. The worker has the same rule. */
  readonly allowsWebhook?: AllowsWebhook | undefined;
  /** How the workflow IDs of others begin: no flow may take a name of theirs. */
  readonly reserved?: readonly string[] | undefined;
}

/** What is to be started, and whether who asks again gets the same run. */
export interface AskedFlow extends FlowRequest {
  readonly idempotent: boolean;
}

/** The most that a start may bring, in bytes of JSON: Temporal refuses an input of 2 MiB. */
export const MAX_START_BYTES = 1024 * 1024;

/** What a flow is about where nobody has said so. */
const BUSINESS_KEY = 'cart_id';

/**
 * The flow that a body asks for. The run is named by its `workflow_id`, or after the business fact in its `input`, or after
 * the header `Idempotency-Key`, whichever is there first.
 *
 * Trap: without any of them the name is random, and whoever asks again starts again.
 *
 * @throws {Problem} 400, 404, 413
 * @throws {InvalidFlowError}
 * @throws {InvalidKeyError} which is a 400 as well
 */
export function readStart(request: Request, catalog: FlowCatalog): AskedFlow {
  const { workflow_id, flow, definition: own, input: brought = {} } = objectBody(request);
  const lines = request.headersDistinct['idempotency-key'];
  const key = lines && parseId('Idempotency-Key', parseIdempotencyKey(lines));
  const definition = own === undefined ? inCatalog(catalog, flow) : readDefinition(own, flow);
  const input = plainMembers('input', brought);
  requireSize({ definition, input });
  requireHosts(catalog, definition);

  const fact = readFact(businessKeyOf(catalog, definition.name), input) ?? key;
  const asked = { tenant: tenantOf(request), definition, input };
  if (workflow_id !== undefined) {
    return { ...asked, name: readName(catalog, workflow_id), idempotent: true };
  }
  // Looked at whole: its client asks for it by this name later.
  const name = readName(catalog, flowWorkflowId(definition.name, fact ?? randomUUID()));
  return { ...asked, name, idempotent: fact !== undefined };
}

/** A flow that has the name of an order that nobody has placed would keep it from being placed, for ever. */
function readName({ reserved = [] }: FlowCatalog, value: unknown): string {
  const name = parseId('Workflow ID', value);
  const of = reserved.find((prefix) => name.startsWith(prefix));
  if (of !== undefined) throw reservedName(of);
  return name;
}

/** @throws {InvalidFlowError} */
function requireHosts({ allowsWebhook }: FlowCatalog, definition: FlowDefinition): void {
  const flaws = allowsWebhook ? hostFlaws(definition, allowsWebhook) : [];
  if (flaws.length > 0) throw new InvalidFlowError(flaws);
}

/** The member of `input` that a flow is about. */
export function businessKeyOf({ businessKeys }: FlowCatalog, flow: string): string {
  return businessKeys?.get(flow) ?? BUSINESS_KEY;
}

function inCatalog({ catalog }: FlowCatalog, flow: unknown = 'abandoned_cart'): FlowDefinition {
  const name = parseId('Flow', flow);
  const definition = catalog.get(name);
  if (definition === undefined) throw unknownFlow(name);
  return definition;
}

/** @throws {InvalidFlowError} */
function readDefinition(value: unknown, flow: unknown): FlowDefinition {
  const { definition, flaws } = checkFlow(plainJson('definition', value));
  if (definition === undefined) throw new InvalidFlowError(flaws);
  if (flow === undefined || flow === definition.name) return definition;
  throw new Problem({
    status: 400,
    type: problemType('bad-flow'),
    title: 'Bad Flow',
    detail: 'The definition has another name than the flow: send one, or both the same',
  });
}

/** One that is null or a number is refused: its client means that it has named the run. */
function readFact(member: string, input: Readonly<Record<string, unknown>>): string | undefined {
  return Object.hasOwn(input, member) ? parseId(labelOf(member), input[member]) : undefined;
}

/** `cart_id` -> `Cart ID` */
function labelOf(member: string): string {
  const words = member.replaceAll('_', ' ').replace(/\bid\b/g, 'ID');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Not the bytes that were sent: `1e20` is 21 digits in a history. */
function requireSize(start: Pick<AskedFlow, 'definition' | 'input'>): void {
  if (Buffer.byteLength(JSON.stringify(start)) <= MAX_START_BYTES) return;
  throw new Problem({
    status: 413,
    type: problemType('flow-too-large'),
    title: 'Flow too large',
    detail: `Definition and input have more than ${MAX_START_BYTES / 1024} KiB together`,
  });
}
