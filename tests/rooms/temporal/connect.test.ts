import { describe, expect } from 'vitest';
import {
  ConnectionRefusedError,
  ConnectionSettingsError,
  type Connections,
  connect,
  namesServer,
} from '#temporal/connect';
import { type Env, it, type Tls } from './tls.ts';

describe('a connection by the environment', () => {
  it('shows its certificate to a server that asks for one: as the variables say', async ({
    tls,
  }) => {
    await using connections = await connect({
      ...tls.shown('client'),
      TEMPORAL_ADDRESS: tls.asking,
    });

    expect(await describedBy(connections), 'namespaces, by client and worker').toEqual(BOTH);
  });

  it('shows its certificate to a server that asks for one: as a profile says', async ({ tls }) => {
    await using connections = await connect(tls.profile);

    expect(connections.client.options.namespace, 'namespace of the profile').toBe('elsewhere');
    expect(await describedBy(connections)).toEqual(['elsewhere', 'elsewhere']);
  });

  it('sends its API key with every call, over TLS', async ({ tls }) => {
    const env = { TEMPORAL_ADDRESS: tls.keyed, TEMPORAL_API_KEY: 'right', ...tls.trusting };

    await using connections = await connect(env);

    expect(await describedBy(connections)).toEqual(BOTH);
  });

  it.for<[string, (tls: Tls) => Env, string, RegExp]>([
    [
      'nobody is there',
      () => ({ TEMPORAL_ADDRESS: '127.0.0.1:1' }),
      'no answer',
      /^No Temporal server answers at 127\.0\.0\.1:1: .+TEMPORAL_ADDRESS \(ECONNREFUSED\)$/,
    ],
    [
      'whoever is there is silent',
      ({ silent }) => ({ TEMPORAL_ADDRESS: silent }),
      'no answer',
      /^No Temporal server answers at .+TEMPORAL_ADDRESS \(ETIMEDOUT\)$/,
    ],
    [
      'the server speaks TLS and the client does not',
      ({ asking }) => ({ TEMPORAL_ADDRESS: asking }),
      'encrypted',
      /speaks TLS: set TEMPORAL_TLS=true$/,
    ],
    [
      'the client speaks TLS and the server does not',
      ({ plain, trusting }) => ({ TEMPORAL_ADDRESS: plain, ...trusting }),
      'not encrypted',
      /does not speak TLS: unset .+TEMPORAL_TLS/,
    ],
    [
      'the server is of a CA that nobody knows here',
      ({ asking, shown, file }) => ({
        TEMPORAL_ADDRESS: asking,
        ...shown('client'),
        TEMPORAL_TLS_SERVER_CA_CERT_PATH: file('strangers.pem'),
      }),
      'server certificate',
      /a CA that is not known here: name that CA in TEMPORAL_TLS_SERVER_CA_CERT_PATH$/,
    ],
    [
      "the server's certificate has expired",
      ({ expired, trusting }) => ({ TEMPORAL_ADDRESS: expired, ...trusting }),
      'server certificate',
      /a certificate that has expired: renew it there/,
    ],
    [
      'the server has another name',
      ({ asking, shown }) => ({
        TEMPORAL_ADDRESS: asking,
        ...shown('client'),
        TEMPORAL_TLS_SERVER_NAME: 'temporal.example',
      }),
      'server certificate',
      /a certificate for another name: .+TEMPORAL_TLS_SERVER_NAME$/,
    ],
    [
      'the client shows no certificate',
      ({ asking, trusting }) => ({ TEMPORAL_ADDRESS: asking, ...trusting }),
      'client certificate',
      /asks for a client certificate: set TEMPORAL_TLS_CLIENT_CERT_PATH and/,
    ],
    [
      "the client's certificate has expired",
      ({ asking, shown }) => ({ TEMPORAL_ADDRESS: asking, ...shown('expired') }),
      'client certificate',
      /which expired on \d{4}-\d\d-\d\d: renew the one in TEMPORAL_TLS_CLIENT_CERT_PATH$/,
    ],
    [
      "the client's certificate is of another CA",
      ({ asking, shown }) => ({ TEMPORAL_ADDRESS: asking, ...shown('other') }),
      'client certificate',
      /refuses the client certificate: use one that it trusts in TEMPORAL_TLS_CLIENT_CERT_PATH$/,
    ],
    [
      'the API key is missing',
      ({ keyed, trusting }) => ({ TEMPORAL_ADDRESS: keyed, ...trusting }),
      'not authorised',
      /asks who this is: set TEMPORAL_API_KEY/,
    ],
    [
      'the API key is wrong',
      ({ keyed, trusting }) => ({ TEMPORAL_ADDRESS: keyed, TEMPORAL_API_KEY: 'hush', ...trusting }),
      'not authorised',
      /does not accept this API key: mend TEMPORAL_API_KEY/,
    ],
    [
      'the server has no such namespace',
      ({ plain }) => ({ TEMPORAL_ADDRESS: plain, TEMPORAL_NAMESPACE: 'nowhere' }),
      'unknown namespace',
      /has no namespace "nowhere": register it \(press-twice namespace nowhere\), or mend TEMPORAL_NAMESPACE$/,
    ],
  ])(
    'is refused in one line that names what to mend: %s',
    async ([, env, reason, says], { tls }) => {
      const refusal = await refused(env(tls));

      expect(refusal).toBeInstanceOf(ConnectionRefusedError);
      expect(refusal).toMatchObject({ reason });
      expect(refusal.message).toMatch(says);
      expect(refusal.message, 'one line').not.toContain('\n');
      expect(refusal.message, 'the secret').not.toContain('hush');
    },
  );
});

describe('settings of a connection that cannot be used', () => {
  it.for<[string, (tls: Tls) => Env, RegExp]>([
    [
      'a certificate without its key',
      ({ file }) => ({ TEMPORAL_TLS_CLIENT_CERT_PATH: file('client.pem') }),
      /^TEMPORAL_TLS_CLIENT_CERT_PATH is set alone: set TEMPORAL_TLS_CLIENT_KEY_PATH too$/,
    ],
    [
      'a key that is of another certificate',
      ({ file, shown }) => ({
        ...shown('client'),
        TEMPORAL_TLS_CLIENT_KEY_PATH: file('other.key'),
      }),
      /^TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH cannot be used: .+mismatch$/,
    ],
    [
      'a CA that is none',
      ({ file }) => ({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: file('client.key') }),
      /^TEMPORAL_TLS_SERVER_CA_CERT_PATH cannot be used: /,
    ],
    [
      'a file that is not there',
      () => ({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/nowhere/ca.pem' }),
      /^Bad connection settings: .+"\/nowhere\/ca\.pem" \(ENOENT\)$/,
    ],
    [
      'a profile that nobody has written',
      ({ profile }) => ({ ...profile, TEMPORAL_PROFILE: 'shed' }),
      /^Bad connection settings: Profile 'shed' not found/,
    ],
    [
      'no verification of a server elsewhere',
      () => ({
        TEMPORAL_ADDRESS: 'temporal.example:7233',
        TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: 'true',
      }),
      /^TEMPORAL_TLS_DISABLE_HOST_VERIFICATION is refused for temporal\.example:7233, .+TEMPORAL_TLS_SERVER_CA_CERT_PATH$/,
    ],
  ])('are refused before anything is sent: %s', async ([, env, says], { tls }) => {
    const refusal = await refused(env(tls));

    expect(refusal).toBeInstanceOf(ConnectionSettingsError);
    expect(refusal.message).toMatch(says);
  });

  it('leave a server on this machine verified all the same', async ({ tls }) => {
    const env = { TEMPORAL_ADDRESS: tls.asking, TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: 'true' };

    const refusal = await refused({
      ...env,
      ...tls.shown('client'),
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: '',
    });

    expect(refusal).toMatchObject({ reason: 'server certificate' });
  });
});

describe('an environment', () => {
  it.for<['names' | 'does not name', string, (tls: Tls) => Env]>([
    ['names', 'by its address', () => ({ TEMPORAL_ADDRESS: 'temporal.example:7233' })],
    ['names', 'by a profile that has one', ({ profile }) => profile],
    ['does not name', 'by an empty variable', () => ({ TEMPORAL_ADDRESS: '' })],
    [
      'does not name',
      'by a profile that has none',
      ({ profile }) => ({ ...profile, TEMPORAL_PROFILE: 'default' }),
    ],
    [
      'does not name',
      'by a file in its usual place alone',
      ({ folder }) => ({ XDG_CONFIG_HOME: folder }),
    ],
  ])('%s a server: %s', ([says, _how, env], { tls }) => {
    expect(namesServer(env(tls))).toBe(says === 'names');
  });
});

const BOTH = ['default', 'default'];

/** What the server calls the namespace, asked over the client's connection and over the worker's. */
async function describedBy({ client, nativeConnection }: Connections) {
  const { namespace } = client.options;
  const answers = await Promise.all(
    [client.connection, nativeConnection].map(({ workflowService }) =>
      workflowService.describeNamespace({ namespace }),
    ),
  );
  return answers.map(({ namespaceInfo }) => namespaceInfo?.name);
}

async function refused(env: Env): Promise<Error> {
  const connecting = connect(env, { withinMs: 500 });
  return await connecting.then(
    async (connections) => {
      await connections[Symbol.asyncDispose]();
      throw new Error('The connection was not refused');
    },
    (error: Error) => error,
  );
}
