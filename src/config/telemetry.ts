import { isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';
import { type Variable, variable } from './variable.ts';

/** What `serve` and `worker` tell of themselves, and to whom. */
export const OF_TELEMETRY = {
  METRICS_ADDRESS: variable(
    'metricsAddress',
    z.string().refine(isAddress, 'It has to be an IP address and a port').optional(),
    'Where `serve` and `worker` serve Prometheus metrics (`/metrics`): an IP address and a port. Without it there are none.',
    '127.0.0.1:9464',
  ),
  LOG_LEVEL: variable(
    'logLevel',
    z
      .string()
      .toLowerCase()
      .pipe(z.enum(['debug', 'info', 'warn', 'error', 'silent']))
      .default('info'),
    'What `serve` and `worker` log on stderr, as JSON lines: `debug`, `info`, `warn`, `error` or `silent`.',
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable(
    'otlpUrl',
    httpUrl().optional(),
    'Collector that `serve` and `worker` send traces to, as OTLP over HTTP. Without it there are none. `OTEL_SERVICE_NAME` and the other variables of the exporter hold too.',
    'http://127.0.0.1:4318',
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: variable(
    'tracesUrl',
    httpUrl().optional(),
    'The same for traces alone: the whole URL, which is used as it is.',
    'http://127.0.0.1:4318/v1/traces',
  ),
} as const satisfies Record<string, Variable>;

function httpUrl() {
  return z.url({ protocol: /^https?$/, error: 'It has to be an http:// or https:// URL' });
}

/** A name would have to be looked up, and a port of 0 would be one that nobody hears of. */
function isAddress(text: string): boolean {
  const [, six = '', four = '', port] = /^(?:\[(.+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  return (isIPv6(six) || isIPv4(four)) && Number(port) >= 1 && Number(port) <= 65_535;
}
