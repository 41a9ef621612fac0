import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { createEncryptionCodec, type PayloadKey } from './encryption-codec.ts';

export {
  createEncryptionCodec,
  type PayloadKey,
  TamperedPayloadError,
  UnknownPayloadKeyError,
} from './encryption-codec.ts';

/**
 * How a client and a worker write what they send, so that the server cannot read it: payloads, and the
 * messages and stacks of failures.
 *
 * Trap: a workflow bundle has to be built with the same `failureConverterPath`, or workflows go on writing
 * failures in the clear.
 *
 * @param keys as in {@link createEncryptionCodec}; every process needs the same ones
 * @see https://docs.temporal.io/develop/typescript/converters-and-encryption
 */
export function encryptingDataConverter(keys: readonly PayloadKey[]): DataConverter {
  return {
    payloadCodecs: [createEncryptionCodec(keys)],
    failureConverterPath: FAILURE_CONVERTER_PATH,
  };
}

/** A client on the same connection that writes and reads as the converter does; the same one without a converter. */
export function withDataConverter(
  client: Client,
  dataConverter: DataConverter | undefined,
): Client {
  if (dataConverter === undefined) return client;
  const { namespace, identity } = client.options;
  return new Client({ connection: client.connection, namespace, identity, dataConverter });
}

/** Source and build have the same plan. */
const FAILURE_CONVERTER_PATH = fileURLToPath(
  new URL(`./encryption-failures${extname(import.meta.url)}`, import.meta.url),
);
