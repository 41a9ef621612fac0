import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as a reader of traces sees it. */
export interface SeenSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly isError: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** What happened in it: the name of each event, with what it says. */
  readonly events: readonly Readonly<Record<string, unknown>>[];
}

export interface Collector extends AsyncDisposable {
  readonly url: string;
  /** What was sent, byte by byte, one text for each request. */
  readonly bodies: readonly string[];
  spans(): readonly SeenSpan[];
}

/** Stands in for an OpenTelemetry collector: takes traces as JSON over HTTP, and keeps them. */
export async function startCollector(): Promise<Collector> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.once('end', () => {
      if (request.url === '/v1/traces') bodies.push(body);
      response.setHeader('Content-Type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    spans: () => bodies.flatMap((body) => spansOf(JSON.parse(body) as Sent)),
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Sent {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[];
  }[];
}

interface SentSpan extends Pick<SeenSpan, 'traceId' | 'spanId' | 'parentSpanId' | 'name'> {
  readonly status: { readonly code?: number };
  readonly attributes: readonly Pair[];
  readonly events: readonly { readonly name: string; readonly attributes: readonly Pair[] }[];
}

interface Pair {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** `STATUS_CODE_ERROR` of the protocol. */
const ERROR = 2;

function spansOf({ resourceSpans }: Sent): readonly SeenSpan[] {
  return resourceSpans
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap(({ spans }) => spans)
    .map(({ status, attributes, events, ...span }) => ({
      ...span,
      isError: status.code === ERROR,
      attributes: membersOf(attributes),
      events: events.map((event) => ({ name: event.name, ...membersOf(event.attributes) })),
    }));
}

function membersOf(pairs: readonly Pair[]): Record<string, unknown> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0]]));
}
