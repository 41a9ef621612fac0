import type { Client } from '@temporalio/client';
import {
  defineSearchAttributeKey,
  type SearchAttributePair,
  SearchAttributeType,
} from '@temporalio/common';

/** What an operator finds the runs of an order by. A server must know it before the first start. */
export const ORDER_ID = defineSearchAttributeKey('OrderId', SearchAttributeType.KEYWORD);
/** Whose run it is; written where there are tenants. */
export const TENANT_ID = defineSearchAttributeKey('TenantId', SearchAttributeType.KEYWORD);

/** Without tenants none is written: a run looks as it did when there were none. */
export function tenantAttribute(tenant: string | undefined): SearchAttributePair[] {
  return tenant === undefined ? [] : [{ key: TENANT_ID, value: tenant }];
}

/**
 * What a start writes for operators to search by: who it is for, and what it is about.
 *
 * No codec encrypts a search attribute, because the server reads it. Where the client has a codec, what the run is about
 * is left out.
 */
export function searchAttributes(
  { options }: Client,
  tenant: string | undefined,
  about: readonly SearchAttributePair[],
): SearchAttributePair[] {
  const isEncrypted = options.loadedDataConverter.payloadCodecs.length > 0;
  return [...(isEncrypted ? [] : about), ...tenantAttribute(tenant)];
}

/** One search attribute that a system writes: its name, and its type in the server's words. */
export type SearchAttributeKey = SearchAttributePair['key'];

/**
 * Makes sure that a server knows the search attributes before the first start needs them: a start that
 * names an unknown one is refused whole.
 *
 * Trap: a server that does not let this client list them, such as Cloud, is taken at its word later.
 *
 * @throws {MissingSearchAttributesError} with the command that adds them
 */
export async function requireSearchAttributes(
  client: Client,
  keys: readonly SearchAttributeKey[],
): Promise<void> {
  const missing = await missingSearchAttributes(client, keys);
  if (missing === undefined || missing.length === 0) return;
  throw new MissingSearchAttributesError(client.options.namespace, missing);
}

/** Those that the namespace does not know; undefined where this client may not list them. */
export async function missingSearchAttributes(
  client: Client,
  keys: readonly SearchAttributeKey[],
): Promise<readonly SearchAttributeKey[] | undefined> {
  const { namespace } = client.options;
  const known = await client.connection.operatorService
    .listSearchAttributes({ namespace })
    .catch(() => undefined);
  return known && keys.filter(({ name }) => !(name in (known.customAttributes ?? {})));
}

/** The server does not know a search attribute that a system writes. */
export class MissingSearchAttributesError extends Error {
  override readonly name = 'MissingSearchAttributesError';

  constructor(namespace: string, missing: readonly SearchAttributeKey[]) {
    const flags = missing.map(({ name, type }) => `--name ${name} --type ${commandLineName(type)}`);
    super(
      `Namespace "${namespace}" lacks search attributes: temporal operator search-attribute create --namespace ${namespace} ${flags.join(' ')}`,
    );
  }
}

/** `KEYWORD` -> `Keyword`: the command line's spelling. */
export function commandLineName(type: string): string {
  return type
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');
}
