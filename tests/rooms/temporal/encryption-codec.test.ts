import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '#config';
import {
  createEncryptionCodec,
  type PayloadKey,
  TamperedPayloadError,
  UnknownPayloadKeyError,
} from '#temporal/encryption';

const OLD = keyNamed('2025');
const NEW = keyNamed('2026');

describe('an encryption codec', () => {
  it('gives back every payload that it was given, and shows none of it', async () => {
    const codec = createEncryptionCodec([NEW]);

    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.uuid(), async (value, secret) => {
        const plain = payloadOf({ value, secret });
        const encrypted = await codec.encode([plain, plain]);

        expect(textOf(encrypted)).not.toContain(secret);
        expect((await codec.decode(encrypted)).map(valueOf)).toEqual([plain, plain].map(valueOf));
        expect(encrypted[0]?.data, 'the same twice').not.toEqual(encrypted[1]?.data);
      }),
      { numRuns: 50 },
    );
  });

  it('encrypts with the first key, and reads what an older one has encrypted', async () => {
    const before = await createEncryptionCodec([OLD]).encode([payloadOf('alice')]);
    const codec = createEncryptionCodec([NEW, OLD]);

    const now = await codec.encode([payloadOf('alice')]);

    expect([...before, ...now].map(keyIdOf)).toEqual(['2025', '2026']);
    expect((await codec.decode([...before, ...now])).map(valueOf)).toEqual(['alice', 'alice']);
  });

  it('reads what was written before there was a key', async () => {
    const decoded = await createEncryptionCodec([NEW]).decode([payloadOf('alice')]);

    expect(decoded.map(valueOf)).toEqual(['alice']);
  });

  it('names the key that it does not have', async () => {
    const encrypted = await createEncryptionCodec([OLD]).encode([payloadOf('alice')]);

    const decoding = createEncryptionCodec([NEW]).decode(encrypted);

    await expect(decoding).rejects.toThrow(UnknownPayloadKeyError);
    await expect(decoding).rejects.toThrow(/the key "2025".+PAYLOAD_KEYS$/);
  });

  it.each<[string, (data: Buffer) => Buffer]>([
    ['its nonce', (data) => flipped(data, 0)],
    ['its text', (data) => flipped(data, 13)],
    ['its tag', (data) => flipped(data, data.length - 1)],
    ['its end, cut off', (data) => data.subarray(0, -1)],
    ['all of it, cut off', () => Buffer.alloc(0)],
  ])('does not read a payload that somebody has changed: %s', async (_what, change) => {
    const codec = createEncryptionCodec([NEW]);
    const [encrypted = {}] = await codec.encode([payloadOf('alice')]);

    const decoding = codec.decode([{ ...encrypted, data: change(dataOf(encrypted)) }]);

    await expect(decoding).rejects.toThrow(TamperedPayloadError);
    await expect(decoding).rejects.toThrow(/names the key "2026" was not written with it/);
  });

  it('does not take another key for its own because of its name', async () => {
    const encrypted = await createEncryptionCodec([keyNamed('2026')]).encode([payloadOf('alice')]);

    const decoding = createEncryptionCodec([NEW]).decode(encrypted);

    await expect(decoding).rejects.toThrow(TamperedPayloadError);
  });

  it.each<[string, readonly PayloadKey[]]>([
    ['no key', []],
    ['two keys of one name', [NEW, keyNamed('2026')]],
    ['a secret of half the length', [{ id: 'short', secret: randomBytes(16) }]],
  ])('is not made with %s', (_what, keys) => {
    expect(() => createEncryptionCodec(keys)).toThrow(RangeError);
  });
});

describe('PAYLOAD_KEYS', () => {
  it('names the keys in their order', () => {
    const { payloadKeys } = loadConfig({ PAYLOAD_KEYS: `${textOfKey(NEW)},${textOfKey(OLD)}` });

    expect(payloadKeys).toEqual([NEW, OLD]);
  });

  it.each([
    ['a key without a name', NEW.secret.toString('base64')],
    ['a key of 16 bytes', `2026:${randomBytes(16).toString('base64')}`],
    ['two keys of one name', `${textOfKey(NEW)},${textOfKey(NEW)}`],
  ])('is refused without its secret: %s', (_what, text) => {
    const load = () => loadConfig({ PAYLOAD_KEYS: text });

    expect(load).toThrow(ConfigError);
    expect(load).toThrow(/^Bad environment: PAYLOAD_KEYS: It has to be name:key/);
    expect(load).not.toThrow(text.split(':').at(-1));
  });
});

function keyNamed(id: string) {
  return { id, secret: randomBytes(32) };
}

function textOfKey({ id, secret }: ReturnType<typeof keyNamed>): string {
  return `${id}:${secret.toString('base64')}`;
}

function payloadOf(value: unknown): Payload {
  return defaultPayloadConverter.toPayload(value);
}

function valueOf(payload: Payload): unknown {
  return defaultPayloadConverter.fromPayload(payload);
}

function keyIdOf({ metadata }: Payload): string {
  return Buffer.from(metadata?.['encryption-key-id'] ?? []).toString();
}

function dataOf({ data }: Payload): Buffer {
  return Buffer.from(data ?? []);
}

function textOf(payloads: readonly Payload[]): string {
  return payloads.map((payload) => dataOf(payload).toString('latin1')).join('\n');
}

function flipped(data: Buffer, at: number): Buffer {
  const changed = Buffer.from(data);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}
