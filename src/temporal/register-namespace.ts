import { setTimeout } from 'node:timers/promises';
import type { ConnectionLike } from '@temporalio/client';
import type { SearchAttributeType } from '@temporalio/common';
import { encodeSearchAttributeIndexedValueType } from '@temporalio/common/lib/search-attributes.js';
import { msToTs, tsToMs } from '@temporalio/common/lib/time.js';
import { grpcCodeOf } from './errors.ts';
import { commandLineName, type SearchAttributeKey } from './search-attributes.ts';

export interface NamespaceWish {
  readonly namespace: string;
  /**
   * How long a closed run is known, in milliseconds; a server takes no less than an hour.
   *
   * It is the length of Temporal's memory: a repeat that comes later finds no run, and starts one.
   */
  readonly retentionMs: number;
  readonly searchAttributes: readonly SearchAttributeKey[];
}

/** What was done, and what was there. */
export interface RegisteredNamespace {
  readonly outcome: 'registered' | 'was there';
  /** What the namespace has, in milliseconds: what was asked for, or what it had before. */
  readonly retentionMs: number;
  readonly added: readonly string[];
  readonly known: readonly string[];
}

/**
 * Registers a namespace and its search attributes, as far as they are missing. To do it again, or twice at once, is to do
 * it once: a namespace that is there is left as it is.
 *
 * Trap: other hosts of a cluster know a new attribute some seconds later, and refuse a start that names it until then.
 *
 * @throws {NamespaceRefusedError} this client may not, as in Temporal Cloud, or the server will not
 * @throws {SearchAttributeTypeError} an attribute is there, and has another type
 */
export async function registerNamespace(
  connection: ConnectionLike,
  wish: NamespaceWish,
): Promise<RegisteredNamespace> {
  try {
    return await connection.withDeadline(Date.now() + WITHIN_MS, async () => {
      const outcome = await register(connection, wish);
      const retentionMs = await onceKnown(() => retentionOf(connection, wish));
      const attributes = await onceKnown(() => addMissing(connection, wish));
      return { outcome, retentionMs, ...attributes };
    });
  } catch (error) {
    if (grpcCodeOf(error) === undefined) throw error;
    throw new NamespaceRefusedError(wish, error);
  }
}

const WITHIN_MS = 20_000;

async function register(
  { workflowService }: ConnectionLike,
  { namespace, retentionMs }: NamespaceWish,
): Promise<RegisteredNamespace['outcome']> {
  const isThere = await workflowService.describeNamespace({ namespace }).then(
    () => true,
    (error: unknown) => {
      if (grpcCodeOf(error) === NOT_FOUND) return false;
      throw error;
    },
  );
  if (isThere) return 'was there';
  try {
    const workflowExecutionRetentionPeriod = msToTs(retentionMs);
    await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
    return 'registered';
  } catch (error) {
    // Somebody else has just done the same.
    if (grpcCodeOf(error) === ALREADY_EXISTS) return 'was there';
    throw error;
  }
}

/** A host that has just said that there is no such namespace says so for a second more. The deadline ends the asking. */
async function onceKnown<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (grpcCodeOf(error) !== NOT_FOUND) throw error;
      await setTimeout(ASK_AGAIN_MS);
    }
  }
}

const ASK_AGAIN_MS = 100;

async function retentionOf(
  { workflowService }: ConnectionLike,
  { namespace }: NamespaceWish,
): Promise<number> {
  const { config } = await workflowService.describeNamespace({ namespace });
  return tsToMs(config?.workflowExecutionRetentionTtl);
}

async function addMissing(
  { operatorService }: ConnectionLike,
  { namespace, searchAttributes }: NamespaceWish,
): Promise<Pick<RegisteredNamespace, 'added' | 'known'>> {
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const [known, missing] = [[], []] as [string[], SearchAttributeKey[]];
  for (const key of searchAttributes) {
    const type = customAttributes?.[key.name];
    if (type === undefined) missing.push(key);
    else if (type === numberOf(key.type)) known.push(key.name);
    // The server would take it for added, and refuse every start that names it.
    else throw new SearchAttributeTypeError(namespace, key);
  }
  if (missing.length > 0) {
    const added = Object.fromEntries(missing.map(({ name, type }) => [name, numberOf(type)]));
    await operatorService.addSearchAttributes({ namespace, searchAttributes: added });
  }
  return { added: missing.map(({ name }) => name), known };
}

/** As the server counts types. */
function numberOf(type: SearchAttributeType) {
  const number = encodeSearchAttributeIndexedValueType(type);
  if (number === undefined)
    throw new TypeError(`No server knows search attributes of type ${type}`);
  return number;
}

/** The server will not do it. Nothing was done, or a part of it, which a second try leaves as it is. */
export class NamespaceRefusedError extends Error {
  override readonly name = 'NamespaceRefusedError';

  constructor({ namespace, searchAttributes, retentionMs }: NamespaceWish, cause: unknown) {
    const code = grpcCodeOf(cause);
    const { details } = cause as { readonly details?: string };
    const mayNot = code !== undefined && MAY_NOT.has(code);
    const days = Math.max(1, Math.ceil(retentionMs / 86_400_000));
    const flags = searchAttributes.map(
      ({ name, type }) => `--search-attribute ${name}=${commandLineName(type)}`,
    );
    const does = mayNot ? 'does not let this client do that' : 'has refused it';
    const mend = mayNot
      ? `. Ask for the rights of an administrator; in Temporal Cloud: tcld namespace create --namespace ${namespace} --retention-days ${days} ${flags.join(' ')}, or, where it is there, tcld namespace search-attributes add`
      : '';
    super(`Namespace "${namespace}": the server ${does} (${details})${mend}`, { cause });
  }
}

/** Nothing of this can be mended here: a type cannot be changed, and a name is taken once. */
export class SearchAttributeTypeError extends Error {
  override readonly name = 'SearchAttributeTypeError';

  constructor(namespace: string, { name, type }: SearchAttributeKey) {
    super(
      `Namespace "${namespace}" has a search attribute ${name} that is no ${commandLineName(type)}: take another namespace, or remove it there`,
    );
  }
}

// The numbers are gRPC's: https://grpc.io/docs/guides/status-codes/
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
const MAY_NOT = new Set([7, 12, 16]); // PERMISSION_DENIED, UNIMPLEMENTED, UNAUTHENTICATED
