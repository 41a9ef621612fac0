import { X509Certificate } from 'node:crypto';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { type ConnectionSettings, hostOf } from './connection-settings.ts';

/** Why a server cannot be spoken to. */
export interface Finding {
  readonly reason: RefusalReason;
  /** The end of a sentence that begins with the server. */
  readonly does: string;
  readonly mend: string;
}

export type RefusalReason =
  | 'no answer'
  | 'encrypted'
  | 'not encrypted'
  | 'server certificate'
  | 'client certificate'
  | 'not authorised'
  | 'unknown namespace';

/**
 * Looks at a server that could not be connected to, below gRPC. The SDK's client says of all this that the
 * deadline has passed, after it has passed; its worker says it in the words of its libraries.
 *
 * @returns undefined where it answers as a server does
 */
export async function diagnose(
  { address, options }: ConnectionSettings,
  withinMs: number,
): Promise<Finding | undefined> {
  if (!options.tls) return await diagnosePlain(address, withinMs);
  const tls = tlsOptions(options.tls === true ? {} : options.tls);
  const seen = await knock(address, withinMs, tls);
  if (seen.answered) return undefined;
  return FINDINGS[seen.code] ?? (isAlert(seen) || seen.secure ? ofClient(tls) : nobody(seen.code));
}

/** A server that expects TLS closes the connection on what it cannot read. */
async function diagnosePlain(address: string, withinMs: number): Promise<Finding | undefined> {
  const plain = await knock(address, withinMs);
  if (plain.answered) return undefined;
  const encrypted = plain.code === CLOSED && (await knock(address, withinMs, UNVERIFIED)).secure;
  return encrypted ? ENCRYPTED : nobody(plain.code);
}

// It is thrown away unread: only whether there is one matters.
const UNVERIFIED: ConnectionOptions = { rejectUnauthorized: false };

const ENCRYPTED: Finding = {
  reason: 'encrypted',
  does: 'speaks TLS',
  mend: 'set TEMPORAL_TLS=true',
};

const UNKNOWN_CA: Finding = {
  reason: 'server certificate',
  does: 'shows a certificate of a CA that is not known here',
  mend: 'name that CA in TEMPORAL_TLS_SERVER_CA_CERT_PATH',
};

const FINDINGS: Readonly<Record<string, Finding>> = {
  CERT_HAS_EXPIRED: {
    reason: 'server certificate',
    does: 'shows a certificate that has expired',
    mend: 'renew it there, or its CA in TEMPORAL_TLS_SERVER_CA_CERT_PATH',
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    reason: 'server certificate',
    does: 'shows a certificate for another name',
    mend: 'use that name in TEMPORAL_ADDRESS, or in TEMPORAL_TLS_SERVER_NAME',
  },
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_CA,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_CA,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_CA,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_CA,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_CA,
  CERT_SIGNATURE_FAILURE: UNKNOWN_CA,
  ERR_SSL_WRONG_VERSION_NUMBER: {
    reason: 'not encrypted',
    does: 'does not speak TLS',
    mend: 'unset TEMPORAL_API_KEY and TEMPORAL_TLS…, or mend TEMPORAL_ADDRESS',
  },
};

/** The server has turned away whom it saw. Some say why, and some only close the connection. */
function ofClient({ cert }: ConnectionOptions): Finding {
  const reason = 'client certificate';
  if (cert === undefined) {
    return {
      reason,
      does: 'asks for a client certificate',
      mend: 'set TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH',
    };
  }
  const expiredAt = new Date(new X509Certificate(cert as Buffer).validTo);
  if (expiredAt.getTime() < Date.now()) {
    const day = expiredAt.toISOString().slice(0, 10);
    const does = `refuses the client certificate, which expired on ${day}`;
    return { reason, does, mend: 'renew the one in TEMPORAL_TLS_CLIENT_CERT_PATH' };
  }
  const does = 'refuses the client certificate';
  return { reason, does, mend: 'use one that it trusts in TEMPORAL_TLS_CLIENT_CERT_PATH' };
}

function nobody(code: string): Finding {
  return {
    reason: 'no answer',
    does: 'does not answer',
    mend: `start it, or mend TEMPORAL_ADDRESS (${code})`,
  };
}

interface Seen {
  /** It has answered as an HTTP/2 server does. */
  readonly answered: boolean;
  /** Both sides have agreed on keys. */
  readonly secure: boolean;
  readonly code: string;
}

const CLOSED = 'closed';

function isAlert({ code }: Seen): boolean {
  return /^ERR_SSL_.*ALERT/.test(code);
}

/** Opens a connection, says what every HTTP/2 client says first, and waits for a word. */
function knock(address: string, withinMs: number, tls?: ConnectionOptions): Promise<Seen> {
  return new Promise((resolve) => {
    let secure = false;
    const host = hostOf(address);
    const to = { host, port: Number(address.split(':').at(-1)) };
    const greet = () => void socket.write(PREFACE);
    const socket: Socket = tls
      ? connectTls({ servername: isIP(host) ? '' : host, ...to, ...tls }, greet)
      : connectPlain(to, greet);
    const see = (code: string, answered = false) => {
      resolve({ answered, secure, code });
      socket.destroy();
    };
    socket.once('secureConnect', () => (secure = true));
    socket.once('data', () => see('answered', true));
    socket.once('error', (error: NodeJS.ErrnoException) => see(error.code ?? error.message));
    socket.once('close', () => see(CLOSED));
    socket.setTimeout(withinMs, () => see('ETIMEDOUT'));
  });
}

/** The client's greeting with a SETTINGS frame that sets nothing: RFC 9113, section 3.4. */
const PREFACE = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);

type Tls = Exclude<ConnectionSettings['options']['tls'], boolean | null | undefined>;

function tlsOptions(tls: Tls): ConnectionOptions {
  const { serverNameOverride, serverRootCACertificate, clientCertPair } = tls;
  return {
    ALPNProtocols: ['h2'],
    ...(serverNameOverride !== undefined && { servername: serverNameOverride }),
    ...(serverRootCACertificate && { ca: Buffer.from(serverRootCACertificate) }),
    ...(clientCertPair && {
      cert: Buffer.from(clientCertPair.crt),
      key: Buffer.from(clientCertPair.key),
    }),
  };
}
