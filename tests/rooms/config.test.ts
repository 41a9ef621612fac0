import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '#config';

describe('the environment', () => {
  it('may be empty: every variable has a default, or may be absent', () => {
    expect(loadConfig({})).toEqual({
      serverAddress: undefined,
      namespace: 'default',
      cliPath: undefined,
      cliDownloadTimeoutMs: 120_000,
      cacheDir: undefined,
      databaseUrl: undefined,
      host: '127.0.0.1',
      port: 8081,
      feeTaskQueue: 'fee-task-queue',
      superscriptTaskQueue: 'superscript-task-queue',
      scriptsDir: undefined,
      paymentLedger: undefined,
      inventoryTaskQueue: 'inventory-task-queue',
      supplierUrl: undefined,
      supplierToken: undefined,
      orderTaskQueue: 'order-service-task-queue',
      gatewayUrl: undefined,
      gatewayToken: undefined,
      fulfilmentUrl: undefined,
      fulfilmentToken: undefined,
      mailUrl: undefined,
      mailToken: undefined,
      flowTaskQueue: 'primary-workflow-task-queue',
      flowsDir: undefined,
      flowWebhookUrl: undefined,
      flowWebhookHosts: undefined,
      fingerprintKey: undefined,
      tokensFile: undefined,
      newKeysPerMinute: undefined,
      answerWithinMs: 30_000,
      metricsAddress: undefined,
      logLevel: 'info',
      otlpUrl: undefined,
      tracesUrl: undefined,
    });
  });

  it('is read in the types that the code uses', () => {
    expect(
      loadConfig({ PORT: '0', ANSWER_WITHIN_MS: '5', HOST: '::1', LOG_LEVEL: 'WARN' }),
    ).toMatchObject({
      port: 0,
      answerWithinMs: 5,
      host: '::1',
      logLevel: 'warn',
    });
  });

  it('counts an empty variable as absent', () => {
    expect(loadConfig({ PORT: '', TEMPORAL_CLI_PATH: '' })).toEqual(loadConfig({}));
  });

  it('is refused in one line that names every variable that is wrong, and no secret', () => {
    const load = () => loadConfig({ PORT: 'abc', ANSWER_WITHIN_MS: '0', FINGERPRINT_KEY: 'hush' });

    expect(load).toThrow(ConfigError);
    expect(load).toThrow(/^Bad environment: PORT: .+; FINGERPRINT_KEY: .+; ANSWER_WITHIN_MS: .+$/);
    expect(load).not.toThrow(/hush/);
  });

  it.each(['127.0.0.1:9464', '0.0.0.0:1', '[::1]:65535'])(
    'knows %s as an address for metrics',
    (address) => {
      expect(loadConfig({ METRICS_ADDRESS: address }).metricsAddress).toBe(address);
    },
  );

  it.each(['localhost:9464', '127.0.0.1', '127.0.0.1:0', '127.0.0.1:65536', ':9464', '::1:9464'])(
    'refuses %s as an address for metrics',
    (address) => {
      expect(() => loadConfig({ METRICS_ADDRESS: address })).toThrow(
        /^Bad environment: METRICS_ADDRESS: .+$/,
      );
    },
  );

  it('reads the hosts that webhooks go to, in small letters', () => {
    const { flowWebhookHosts } = loadConfig({
      FLOW_WEBHOOK_HOSTS: 'Hooks.example, hooks.example:8443,[::1]:9000',
    });

    expect(flowWebhookHosts).toEqual(['hooks.example', 'hooks.example:8443', '[::1]:9000']);
  });

  it.each(['https://hooks.example', 'hooks.example/path', 'a,,b', 'me@hooks', 'hooks.example:443'])(
    'refuses %s as hosts that webhooks go to',
    (hosts) => {
      expect(() => loadConfig({ FLOW_WEBHOOK_HOSTS: hosts })).toThrow(
        /^Bad environment: FLOW_WEBHOOK_HOSTS: .+$/,
      );
    },
  );

  it.each([
    'ftp://supplier.example',
    'supplier.example',
    'https://me:hush@supplier.example',
    'https://supplier.example/?token=hush',
  ])("refuses %s as the URL of another company's service, and shows no password", (url) => {
    for (const name of [
      'SUPPLIER_URL',
      'GATEWAY_URL',
      'FULFILMENT_URL',
      'MAIL_URL',
      'FLOW_WEBHOOK_URL',
    ]) {
      const load = () => loadConfig({ [name]: url });

      expect(load).toThrow(new RegExp(`^Bad environment: ${name}: .+$`));
      expect(load).not.toThrow(/hush/);
    }
  });
});
