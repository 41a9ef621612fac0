import { once } from 'node:events';
import {
  connect as connectHttp2,
  createSecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Certificate } from './certificates.ts';

export interface TlsServer extends AsyncDisposable {
  /** By name: a certificate for an IP address is another subject. */
  readonly address: string;
}

export interface TlsProxyOptions {
  readonly certificate: Certificate;
  /** The authority of the clients that it lets in. Without it, everybody. */
  readonly clientCa?: string;
  /** Host and port of a server that does not speak TLS. */
  readonly target: string;
}

/** Speaks TLS in front of a server that does not, and asks for a certificate of the client's. */
export async function startTlsProxy(options: TlsProxyOptions): Promise<TlsServer> {
  const { certificate, clientCa } = options;
  const asked = clientCa !== undefined;
  const [host = '', port] = options.target.split(':');
  const server = createTlsServer(
    {
      ...certificate,
      ...(asked && { ca: clientCa }),
      requestCert: asked,
      rejectUnauthorized: asked,
      ALPNProtocols: ['h2'],
    },
    (client) => {
      const target = connect(Number(port), host);
      client.pipe(target).pipe(client);
      client.on('error', () => target.destroy());
      target.on('error', () => client.destroy());
    },
  );
  return await onFreePort(server);
}

/** Passes on what carries this API key, and answers everything else as Temporal Cloud does. */
export async function startKeyedProxy(
  apiKey: string,
  { certificate, target }: Omit<TlsProxyOptions, 'clientCa'>,
): Promise<TlsServer> {
  const server = createSecureServer(certificate);
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {}); // A client that is gone is no fault of this server.
    if (headers.authorization === `Bearer ${apiKey}`) return passOn(stream, headers, target);
    stream.respond(
      { 'content-type': 'application/grpc', 'grpc-status': '16' },
      { endStream: true },
    );
  });
  return await onFreePort(server);
}

function passOn(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, target: string): void {
  const { ':authority': _authority, ...others } = headers;
  const session = connectHttp2(`http://${target}`);
  const request = session.request({ ...others, ':scheme': 'http' });
  let trailers: IncomingHttpHeaders = {};
  request.on('response', (answer) => {
    // A refusal of gRPC is headers alone.
    if (answer['grpc-status'] !== undefined) stream.respond(answer, { endStream: true });
    else stream.respond(answer, { waitForTrailers: true });
  });
  request.on('trailers', (received) => (trailers = received));
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  request.on('close', () => session.close());
  stream.pipe(request).pipe(stream);
}

/** Takes connections, and says nothing on them. */
export async function startSilentServer(): Promise<TlsServer> {
  return await onFreePort(createServer());
}

async function onFreePort(server: Server): Promise<TlsServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `localhost:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
