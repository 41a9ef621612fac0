import { extname } from 'node:path';
import { createApp } from '#http';
import { startHttpServer } from '#server';
import {
  createMemoryOutbox,
  createWebhookLedger,
  createWebhookReceiver,
  type FlowDefinition,
  type Outbox,
  type OutboxEffect,
  type WebhookEffect,
  type WebhookLedger,
} from '#systems/flows';
import { type Fixture, spawnFixture } from '#testkit';
import { bundleFlows } from './flows-bundle.ts';
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
    // Its workers find the bundle built. It loads while the first act waits: bundling needs the machine for itself.
    await bundleFlows();
    const victim = options.killing ? spawnFixture(VICTIM) : undefined;
    if (victim) opened.push(victim);
    const definition = hurried(options.definition);
    return { definition, keyed, naive, victim, [Symbol.asyncDispose]: dispose };
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
