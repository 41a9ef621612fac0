import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { it as base } from '#testkit/vitest';
import { type Certificate, createAuthority, YESTERDAY } from './certificates.ts';
import { startKeyedProxy, startSilentServer, startTlsProxy } from './tls-servers.ts';

export type Env = Record<string, string>;

/** What stands in front of the server of this test run, and the files to be let in with. */
export interface Tls {
  /** The server itself, which does not speak TLS. */
  readonly plain: string;
  /** Asks for a certificate. */
  readonly asking: string;
  /** Its own certificate has expired. */
  readonly expired: string;
  /** Asks for the API key `right`. */
  readonly keyed: string;
  /** Takes connections and says nothing. */
  readonly silent: string;
  file(name: string): string;
  /** The variables of a profile that shows a certificate in the namespace `elsewhere`. */
  readonly profile: Env;
  /** Has that profile's file where the SDK looks for one. */
  readonly folder: string;
  /** The variables that trust these servers. */
  readonly trusting: Env;
  /** Those that show a certificate to them as well. */
  shown(name: ClientCertificate): Env;
}

type ClientCertificate = 'client' | 'expired' | 'other';

/** `it` with servers that speak TLS, and with certificates that are made for them. */
export const it = base.extend<{ tls: Tls }>({
  tls: [
    // oxlint-disable-next-line no-empty-pattern -- vitest reads the needs of a fixture from this pattern.
    async ({}, use) => {
      const { address: plain } = inject('testServer');
      const ours = await createAuthority('ours');
      const strangers = await createAuthority('strangers');
      const certificate = await ours.issue('server');
      const stale = { certificate: await ours.issue('server', YESTERDAY), target: plain };
      await using asking = await startTlsProxy({
        certificate,
        clientCa: ours.cert,
        target: plain,
      });
      await using expired = await startTlsProxy(stale);
      await using keyed = await startKeyedProxy('right', { certificate, target: plain });
      await using silent = await startSilentServer();
      await using folder = await folderOf({
        ...pair('client', await ours.issue('client')),
        ...pair('expired', await ours.issue('client', YESTERDAY)),
        ...pair('other', await strangers.issue('client')),
        'ca.pem': ours.cert,
        'strangers.pem': strangers.cert,
      });
      const { file } = folder;
      await mkdir(file('temporalio'));
      await writeFile(file('temporalio/temporal.toml'), profileOf(asking.address, file));
      const trusting = { TEMPORAL_TLS_SERVER_CA_CERT_PATH: file('ca.pem') };
      await use({
        plain,
        asking: asking.address,
        expired: expired.address,
        keyed: keyed.address,
        silent: silent.address,
        file,
        profile: {
          TEMPORAL_CONFIG_FILE: file('temporalio/temporal.toml'),
          TEMPORAL_PROFILE: 'shop',
        },
        folder: file('.'),
        trusting,
        shown: (name) => ({
          ...trusting,
          TEMPORAL_TLS_CLIENT_CERT_PATH: file(`${name}.pem`),
          TEMPORAL_TLS_CLIENT_KEY_PATH: file(`${name}.key`),
        }),
      });
    },
    { scope: 'file' },
  ],
});

function pair(name: ClientCertificate, { cert, key }: Certificate): Record<string, string> {
  return { [`${name}.pem`]: cert, [`${name}.key`]: key };
}

function profileOf(address: string, file: (name: string) => string): string {
  return `
[profile.default]
namespace = "elsewhere"
[profile.shop]
address = "${address}"
namespace = "elsewhere"
[profile.shop.tls]
client_cert_path = "${file('client.pem')}"
client_key_path = "${file('client.key')}"
server_ca_cert_path = "${file('ca.pem')}"
`;
}

async function folderOf(files: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-tls-'));
  const file = (name: string) => join(folder, name);
  for (const [name, text] of Object.entries(files)) await writeFile(file(name), text);
  return { file, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
