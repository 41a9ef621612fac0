import { createRequire } from 'node:module';
import { setTimeout } from 'node:timers/promises';
import {
  type Attributes,
  context,
  type DiagLogger,
  DiagLogLevel,
  diag,
  propagation,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { envDetectorSync, Resource } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  type ReadableSpan,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { Client } from '@temporalio/client';
import {
  makeWorkflowExporter,
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryWorkflowClientInterceptor,
} from '@temporalio/interceptors-opentelemetry';
import type { WorkerInterceptors, WorkerOptions } from '@temporalio/worker';
import type { KeyProgress } from '#temporal';

export interface Tracing extends AsyncDisposable {
  /** The same client, whose starts begin a trace. */
  client(client: Client): Client;
  /** For a worker: put them outermost, and build its bundle with their `workflowModules`. */
  readonly interceptors: WorkerInterceptors;
  readonly sinks: NonNullable<WorkerOptions['sinks']>;
  /** Notes in the span of the attempt what its key said. */
  key(event: KeyProgress): void;
}

export interface TracingOptions {
  /** Hears of spans that could not be sent; nothing else suffers from it. */
  readonly onFault: (error: Error) => void;
  /** How long a collector that does not answer may keep a process from ending, in milliseconds. */
  readonly sendWithinMs?: number;
}

/**
 * Sends spans to an OpenTelemetry collector, over HTTP: a start, its run, each attempt of its activities.
 * Disposed of, it sends what it still has.
 *
 * Trap: a worker that is killed sends nothing, so its attempt has no span. The next one's number tells of it.
 *
 * Trap: there is one tracer in a process.
 *
 * @param url of the collector's traces: `http://127.0.0.1:4318/v1/traces`
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export function startTracing(
  url: string,
  { onFault, sendWithinMs = 2_000 }: TracingOptions,
): Tracing {
  diag.setLogger(faultsOnly(onFault), DiagLogLevel.ERROR);
  const named = new Resource({ 'service.name': 'press-twice' });
  const resource = named.merge(envDetectorSync.detect());
  const processor = new BatchSpanProcessor(withoutPayload(new OTLPTraceExporter({ url })));
  const provider = new NodeTracerProvider({ resource, spanProcessors: [processor] });
  provider.register();

  return {
    client: (client) => {
      const { interceptors } = client.options;
      const workflow = Array.isArray(interceptors.workflow) ? interceptors.workflow : [];
      return new Client({
        ...client.options,
        interceptors: {
          ...interceptors,
          workflow: [new OpenTelemetryWorkflowClientInterceptor(), ...workflow],
        },
      });
    },
    interceptors: {
      workflowModules: [WORKFLOW_INTERCEPTORS],
      activity: [
        (activity) => ({ inbound: new OpenTelemetryActivityInboundInterceptor(activity) }),
        ({ info }) => ({
          inbound: {
            execute(input, next) {
              trace.getActiveSpan()?.setAttribute('attempt', info.attempt);
              return next(input);
            },
          },
        }),
      ],
    },
    sinks: { exporter: makeWorkflowExporter(processor, resource) },
    key: ({ step, outcome }) => void trace.getActiveSpan()?.addEvent('key', { step, outcome }),
    async [Symbol.asyncDispose]() {
      const late = setTimeout(sendWithinMs, undefined, { ref: false }).then(() => {
        throw new Error(`the collector has not answered in ${sendWithinMs} ms`);
      });
      const sent = Promise.race([provider.shutdown(), late]);
      await sent.catch((error: unknown) => onFault(unsent(error)));
      for (const api of [trace, context, propagation, diag]) api.disable();
    },
  };
}

function faultsOnly(onFault: (error: Error) => void): DiagLogger {
  const nothing = () => {};
  const error = (message: string) => onFault(unsent(message));
  return { error, warn: nothing, info: nothing, debug: nothing, verbose: nothing };
}

/** What the exporter says of itself may be an error as JSON, stack and all: its message is enough. */
function unsent(cause: unknown): Error {
  const text = cause instanceof Error ? cause.message : String(cause);
  return new UnsentSpansError(/"message":"([^"]+)"/.exec(text)?.[1] ?? text.slice(0, 200));
}

/** The collector did not take them. They are lost; whatever they tell of is not. */
class UnsentSpansError extends Error {
  override readonly name = 'UnsentSpansError';
}

/** What the bundle of the workflows is built with. */
const WORKFLOW_INTERCEPTORS = createRequire(import.meta.url).resolve(
  '@temporalio/interceptors-opentelemetry/lib/workflow-interceptors',
);

/**
 * What a span may tell. The SDK's exporter puts all that is known of a run into the spans of its workflow: search
 * attributes, memo, last result. Errors are named and not quoted, because their messages name accounts and amounts.
 */
const ATTRIBUTES = new Set([
  'attempt',
  'namespace',
  'run_id',
  'runId',
  'taskQueue',
  'temporalActivityId',
  'temporalUpdateId',
  'temporalWorkflowId',
  'workflowId',
  'workflowType',
]);
const OF_EVENTS = new Set(['exception.type', 'outcome', 'step']);

function withoutPayload(exporter: SpanExporter): SpanExporter {
  return {
    export: (spans, done) => exporter.export(spans.map(unquoted), done),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => await exporter.forceFlush?.(),
  };
}

/** The span itself stays as it is: other processors may look at it. */
function unquoted(span: ReadableSpan): ReadableSpan {
  const events = span.events.map((event) => ({
    ...event,
    attributes: only(OF_EVENTS, event.attributes),
  }));
  return Object.create(span, {
    attributes: { value: only(ATTRIBUTES, span.attributes) },
    events: { value: events },
    status: { value: { code: span.status.code } },
  }) as ReadableSpan;
}

function only(names: ReadonlySet<string>, attributes: Attributes = {}): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => names.has(name)));
}
