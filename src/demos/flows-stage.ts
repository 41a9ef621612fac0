import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { createApp } from '#http';
import { startHttpServer } from '#server';
import {
  createMemoryOutbox,
  createWebhookLedger,
  createWebhookReceiver,
  FLOW_WORKFLOWS_PATH,
  type FlowDefinition,
  type Outbox,
  type OutboxEffect,
  type WebhookEffect,
  type WebhookLedger,
} from '#systems/flows';
import { bundleForFaults, type Fixture, spawnFixture } from '#testkit';
import { hurried } from './flows-hurried.ts';
import { createOutboxRouter } from './flows-outbox.ts';

/** What a flow has left in the world. */
export type FlowEffect = OutboxEffect | WebhookEffect;

/** Where effects go: an outbox, and another company that takes webhooks. Both outlive every worker. */
export interface FlowSide {
  readonly outbox: Outbox;
  readonly outboxUrl: string;
  readonly webhookUrl: string;
  /** All that is there; of each of the two, oldest first. */
  effects(): Promise<readonly FlowEffect[]>;
}

/** Where the demo plays. */
export interface FlowStage extends AsyncDisposable {
  /** With short waits. */
  readonly definition: FlowDefinition;
  readonly keyed: FlowSide;
  /** What flows without keys do. */
  readonly naive: FlowSide;
  /** The workflows, built once for every worker: here and in another process. */
  readonly codePath: string;
  /** A process that is to be a worker, and to be killed; it loads while the first act is played. */
  readonly victim: Fixture | undefined;
}

export interface FlowStageOptions {
  readonly definition: FlowDefinition;
  /** Whether a worker is to be killed. */
  readonly killing: boolean;
}

/** Disposed of, it kills the process that is still there, and nothing of it is left. */
export async function openFlowStage(options: FlowStageOptions): Promise<FlowStage> {
  const opened: AsyncDisposable[] = [];
  const dispose = async () => {
    await Promise.all(opened.map((one) => one[Symbol.asyncDispose]()));
  };
  try {
    const keyed = await openSide();
    opened.push(keyed);
    const naive = await openSide();
    opened.push(naive);
    const code = await openCode();
    opened.push(code);
    // It loads while the first act waits: the bundle needs the machine for itself.
    const victim = options.killing ? spawnFixture(VICTIM) : undefined;
    if (victim) opened.push(victim);
    const definition = hurried(options.definition);
    const { path: codePath } = code;
    return { definition, keyed, naive, codePath, victim, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Source and build have the same plan. */
const VICTIM = new URL(
  extname(import.meta.url) === '.ts' ? './flows-victim.ts' : './flows-victim.js',
  import.meta.url,
);

async function openSide(): Promise<FlowSide & AsyncDisposable> {
  const outbox = createMemoryOutbox();
  const ledger: WebhookLedger = createWebhookLedger();
  const app = createApp(createOutboxRouter(outbox), createWebhookReceiver({ ledger }));
  const server = await startHttpServer({ app, host: '127.0.0.1', port: 0 });
  return {
    outbox,
    outboxUrl: `${server.url}/outbox`,
    webhookUrl: `${server.url}/receiver/webhooks`,
    effects: async () => [...(await outbox.effects()), ...(await ledger.effects())],
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Bundling takes seconds. It can begin before the stage is opened, and a second demo of this process has the bundle of the first one. */
export function bundleFlows(): Promise<{ readonly code: string }> {
  bundle ??= bundleForFaults({ workflowsPath: FLOW_WORKFLOWS_PATH });
  return bundle;
}

let bundle: Promise<{ readonly code: string }> | undefined;

async function openCode(): Promise<AsyncDisposable & { readonly path: string }> {
  const { code } = await bundleFlows();
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-flows-'));
  const path = join(folder, 'workflows.cjs');
  await writeFile(path, code);
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
