import { EffectUnreadableError } from './errors.ts';
import { told } from './findings.ts';
import type { EffectSource, Settings } from './options.ts';
import { requestOf } from './request.ts';
import { createWire } from './wire/connection.ts';

/** Reads what the effects have left: a balance, or a count. */
export interface EffectReader {
  readonly by: EffectSource['by'];
  /** @throws {EffectUnreadableError} */
  read(of?: { readonly account?: string; readonly by?: 'another tenant' }): Promise<number>;
}

export function createEffectReader(settings: Settings): EffectReader | undefined {
  const { effects, account } = settings;
  if (effects === undefined) return undefined;
  return {
    by: effects.by,
    async read({ account: name = account?.value ?? '', ...asked } = {}) {
      const path = effects.path.replaceAll('{account}', () => encodeURIComponent(name));
      const there: Settings = { ...settings, ...effects, path, key: { in: 'path' } };
      using wire = createWire(effects.place, settings.timeoutMs, settings.signal);
      using connection = await wire.connect();
      await connection.send(requestOf(there, { ...asked, method: 'GET' }).head);
      const answer = await connection.answer();
      const { status, body } = answer;
      settings.signal.throwIfAborted();
      const number = status === 200 ? numberIn(body, effects.field) : undefined;
      if (number !== undefined) return number;
      if (status === 0) {
        throw new EffectUnreadableError(`Nobody answers at ${effects.host}: ${told(answer)}`);
      }
      const found = status === 200 ? `no number in ${body.slice(0, 60)}` : `status ${status}`;
      throw new EffectUnreadableError(
        `No ${effects.field ?? 'count'} at ${path}: ${found}; see --account-path, --balance-field, --count-url`,
      );
    },
  };
}

function numberIn(body: string, field: string | undefined): number | undefined {
  const value = field === undefined ? body.trim() : memberOf(body, field);
  const isNumeral = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value);
  if (isNumeral) return Number(value);
  return typeof value === 'number' ? value : undefined;
}

function memberOf(body: string, field: string): unknown {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    return Object.entries(parsed).find(([name]) => name === field)?.[1];
  } catch {
    return undefined;
  }
}
