import type { Header, Settings } from './options.ts';

/** What one request says, where it is not what every other says. */
export interface Asked {
  readonly method?: string;
  /** The key, which is written as the endpoint wants it; without one the request has none. */
  readonly key?: string;
  /** What stands in the key's place, byte for byte; several for several header lines. */
  readonly rawKey?: string | readonly string[];
  /** Members of the body by their JSON texts; undefined leaves one out. */
  readonly members?: Readonly<Record<string, string | undefined>>;
  /** A whole body instead. */
  readonly body?: string | Buffer;
  readonly contentType?: string | undefined;
  /** Beside the others, or in the place of those of their names. */
  readonly headers?: readonly Header[];
  readonly by?: 'another tenant';
  /** Leaves the connection open for more requests. */
  readonly keepAlive?: boolean;
}

/** A request as bytes, in two parts. */
export interface RequestBytes {
  readonly head: Buffer;
  readonly body: Buffer;
}

/** The bytes of a request to the endpoint. */
export function requestOf(settings: Settings, asked: Asked = {}): RequestBytes {
  const { method = 'POST', headers = [] } = asked;
  const body = bodyOf(settings, asked);
  const contentType = 'contentType' in asked ? asked.contentType : 'application/json';
  const ofBody: readonly Header[] = [
    ...(contentType === undefined ? [] : [['Content-Type', contentType] as const]),
    ['Content-Length', String(body.length)],
  ];
  const lines = replaced(
    [
      ['Host', settings.host],
      ['User-Agent', 'press-twice-check'],
      ['Accept', '*/*'],
      ...(asked.keepAlive ? [] : [['Connection', 'close'] as const]),
      ...(method === 'GET' || method === 'HEAD' ? [] : ofBody),
    ],
    settings.headers,
    asked.by === 'another tenant' ? settings.tenantHeaders : [],
    headers,
  );
  const head = [
    `${method} ${pathOf(settings, asked)} HTTP/1.1`,
    ...[...lines, ...keyLines(settings, asked)].map(([name, value]) => `${name}: ${value}`),
  ].join('\r\n');
  return { head: Buffer.from(`${head}\r\n\r\n`), body };
}

/** What the endpoint gets where nothing is special about the body. */
export function bodyText(settings: Settings, members: Asked['members'] = {}): string {
  const all = Object.entries({ ...Object.fromEntries(settings.body), ...members });
  const written = all.flatMap(([name, text]) =>
    text === undefined ? [] : [`${JSON.stringify(name)}:${text}`],
  );
  return `{${written.join(',')}}`;
}

/** A key as a header takes it. */
export function keyText({ key: style }: Settings, key: string): string {
  if (style.in === 'path') return encodeURIComponent(key);
  return style.bare ? key : quoted(key);
}

/** An RFC 9651 String. */
export function quoted(key: string): string {
  return `"${key.replaceAll(/["\\]/g, '\\$&')}"`;
}

function bodyOf(settings: Settings, { method = 'POST', members, body }: Asked): Buffer {
  if (method === 'GET' || method === 'HEAD') return Buffer.alloc(0);
  if (body instanceof Buffer) return body;
  return Buffer.from(body ?? bodyText(settings, members));
}

function pathOf(settings: Settings, { key, rawKey }: Asked): string {
  if (settings.key.in === 'header') return settings.path;
  const text = [rawKey ?? (key === undefined ? '' : keyText(settings, key))].flat().join('');
  return settings.path.replaceAll('{key}', () => text);
}

function keyLines(settings: Settings, { key, rawKey }: Asked): readonly Header[] {
  if (settings.key.in === 'path') return [];
  const { name } = settings.key;
  const values = rawKey ?? (key === undefined ? [] : keyText(settings, key));
  return [values].flat().map((value) => [name, value]);
}

/** A later line takes the place of the earlier ones of its name. */
function replaced(...layers: readonly (readonly Header[])[]): readonly Header[] {
  return layers.reduce((under, layer) => {
    const names = new Set(layer.map(([name]) => name.toLowerCase()));
    return [...under.filter(([name]) => !names.has(name.toLowerCase())), ...layer];
  }, []);
}
