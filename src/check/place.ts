import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { BadOptionError, NobodyAnswersError, NotYoursError } from './errors.ts';
import type { Place } from './wire/connection.ts';

export interface Found {
  readonly place: Place;
  /** What goes into the Host header. */
  readonly host: string;
  /** Path and query, as they were written. */
  readonly path: string;
}

export interface FindOptions {
  readonly iOwnThis: boolean;
  readonly ca?: string | undefined;
  /** The addresses of a name; those that the system knows, unless told. */
  readonly resolve?: (name: string) => Promise<readonly string[]>;
}

/**
 * Finds where a URL leads. Every address of its host has to be this machine's, whatever the host is called.
 *
 * @param text may hold `{key}` and `{account}`, which a URL object would write in another way
 * @throws {BadOptionError | NotYoursError | NobodyAnswersError}
 */
export async function findPlace(text: string, options: FindOptions): Promise<Found> {
  const { iOwnThis, ca, resolve = lookUp } = options;
  const url = parse(text);
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = isIP(name) ? [name] : await resolve(name);
  const foreign = addresses.find((address) => !isLoopback(address));
  if (foreign !== undefined && !iOwnThis) throw new NotYoursError(name, foreign);

  const isTls = url.protocol === 'https:';
  const place: Place = {
    name,
    addresses,
    port: Number(url.port) || (isTls ? 443 : 80),
    ...(isTls && { tls: { name: isIP(name) ? '' : name, ca } }),
  };
  return { place, host: url.host, path: pathOf(text) };
}

function parse(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new BadOptionError(`No URL: ${JSON.stringify(text)}: it begins with http:// or https://`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new BadOptionError('The URL holds a password: send it in --header "Authorization: …"');
  }
  if (url.hostname.includes('{') || url.hostname.includes('%7B')) {
    throw new BadOptionError('{key} stands in the host: it belongs into the path or the query');
  }
  return url;
}

/** Everything behind the host, byte for byte: a key in it is not ours to write in another way. */
function pathOf(text: string): string {
  const [, path = ''] = /^[a-z]+:\/\/[^/?#]*([^#]*)/i.exec(text.trim()) ?? [];
  if (/[\s\p{Cc}]/u.test(path)) throw new BadOptionError(`Blanks in the path "${path}": write %20`);
  return path.startsWith('/') ? path : `/${path}`;
}

async function lookUp(name: string): Promise<readonly string[]> {
  try {
    return (await lookup(name, { all: true })).map(({ address }) => address);
  } catch (cause) {
    throw new NobodyAnswersError(`No address for ${name}: is it spelt so?`, { cause });
  }
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

function isLoopback(address: string): boolean {
  return LOOPBACK.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
