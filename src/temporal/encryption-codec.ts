import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';

/** A key of AES-256 and its name, which stands in the clear beside what it encrypts. */
export interface PayloadKey {
  readonly id: string;
  /** 32 bytes. */
  readonly secret: Uint8Array;
}

/**
 * Encrypts every payload with AES-256-GCM: arguments, results, memo, heartbeats. The format is that of the
 * encryption samples of Temporal's SDKs, so that their codec servers read it.
 *
 * Trap: workflow IDs, workflow and activity types, task queues and search attributes are no payloads: the
 * server reads them. And what was written before there was a key is read as it is.
 *
 * @param keys the first one encrypts; all of them decrypt. Keep an old one for as long as a history or an
 *   archive has something of it.
 * @throws {RangeError} no key, two of one name, or a secret that is not 32 bytes long
 */
export function createEncryptionCodec(keys: readonly PayloadKey[]): PayloadCodec {
  const [first] = keys;
  const byId = new Map(keys.map((key) => [key.id, key]));
  if (first === undefined || byId.size < keys.length) {
    throw new RangeError(
      'An encryption codec needs a key at least, and a name of its own for each',
    );
  }
  for (const { id, secret } of keys) {
    if (secret.length !== KEY_BYTES) {
      throw new RangeError(`The key "${id}" has ${secret.length} bytes, not ${KEY_BYTES}`);
    }
  }
  return {
    encode: async (payloads) => payloads.map((payload) => encrypt(payload, first)),
    decode: async (payloads) => payloads.map((payload) => decrypt(payload, byId)),
  };
}

/** A payload was encrypted with a key that is not here: an old one that was taken away, or another process's. */
export class UnknownPayloadKeyError extends Error {
  override readonly name = 'UnknownPayloadKeyError';
  readonly keyId: string;

  constructor(keyId: string) {
    super(
      `A payload is encrypted with the key "${keyId}", which is not here: add it to PAYLOAD_KEYS`,
    );
    this.keyId = keyId;
  }
}

/** A payload is not what was encrypted: somebody has changed it, or another key has the same name. */
export class TamperedPayloadError extends Error {
  override readonly name = 'TamperedPayloadError';
  readonly keyId: string;

  constructor(keyId: string, options?: ErrorOptions) {
    super(
      `A payload that names the key "${keyId}" was not written with it, or was changed since: do not use it`,
      options,
    );
    this.keyId = keyId;
  }
}

const KEY_BYTES = 32;
const ENCODING = Buffer.from('binary/encrypted');
const ALGORITHM = 'aes-256-gcm';
// Random ones of this length may be used 2 ** 32 times under one key: NIST SP 800-38D, section 8.3.
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

function encrypt(payload: Payload, { id, secret }: PayloadKey): Payload {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, secret, nonce);
  const plain = proto.temporal.api.common.v1.Payload.encode(payload).finish();
  return {
    metadata: { encoding: ENCODING, 'encryption-key-id': Buffer.from(id) },
    data: Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]),
  };
}

function decrypt(payload: Payload, keys: ReadonlyMap<string, PayloadKey>): Payload {
  const { metadata, data } = payload;
  if (!metadata?.encoding || !ENCODING.equals(metadata.encoding)) return payload;

  const id = Buffer.from(metadata['encryption-key-id'] ?? []).toString();
  const key = keys.get(id);
  if (key === undefined) throw new UnknownPayloadKeyError(id);
  try {
    return proto.temporal.api.common.v1.Payload.decode(opened(Buffer.from(data ?? []), key));
  } catch (cause) {
    throw new TamperedPayloadError(id, { cause });
  }
}

function opened(data: Buffer, { secret }: PayloadKey): Buffer {
  const decipher = createDecipheriv(ALGORITHM, secret, data.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(data.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(data.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}
