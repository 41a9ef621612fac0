import express from 'express';
import { createApp } from '#http';
import {
  createFlows,
  createMemoryOutbox,
  createWebhookClient,
  FlowNotOpenError,
  type Flows,
  flowWorkflowId,
} from '#systems/flows';
import { type Asked, listen, type Observation, type Started } from '#testkit';
import { GIVEN_UP, SCENARIOS, type Scenario } from './explored-scenarios.ts';

export type ExploredWorld = Awaited<ReturnType<typeof openWorld>>;

/** The outbox and the other company of all trials. The company keeps each answer under its key, and gives it again. */
export async function openWorld(flows: Flows) {
  const outbox = createMemoryOutbox();
  const webhooks = new Map<string, Webhook>();
  const hooks = express.Router();
  hooks.post('/hooks', express.json(), async (request, response) => {
    const { workflow_id: name, step, visit } = request.body as WebhookBody;
    const key = request.get('Idempotency-Key') ?? '';
    const isRefused = step === 'give_up' || (step === 'review' && visit === 1);
    const webhook = webhooks.get(key) ?? { name, visit: `${step}#${visit}`, isRefused };
    webhooks.set(key, webhook);
    response.status(webhook.isRefused ? 422 : 200).json({});
  });
  const server = await listen(createApp(hooks));

  return {
    deps: {
      outbox: {
        async put(...[key, entry, by]: Parameters<typeof outbox.put>) {
          const put = await outbox.put(key, entry, by);
          const scenario = ALL.find(({ definition }) => definition.name === entry.flow);
          if (entry.step === scenario?.answeredAt) await answerTwice(flows, nameIn(key));
          return put;
        },
      },
      webhooks: createWebhookClient({ url: `${server.url}/hooks`, timeoutMs: 5_000 }),
    },
    /** What is in the world of one trial, by visit: entries, and webhooks that were taken. A no leaves nothing. */
    async observe(key: string, { definition }: Scenario): Promise<readonly Observation[]> {
      const name = flowWorkflowId(definition.name, key);
      const entries = (await outbox.effects()).filter((entry) => nameIn(entry.key) === name);
      const taken = [...webhooks.values()].filter((one) => one.name === name && !one.isRefused);
      const visits = [...entries.map((entry) => visitIn(entry.key)), ...taken.map((w) => w.visit)];
      return visits.map((step) => ({ step, count: 1 }));
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Starts the flow of a trial, or joins it, as any client does. */
export async function startFlow(asked: Asked<Scenario>): Promise<Started> {
  const { client, taskQueue, key, scenario } = asked;
  const { definition } = scenario;
  const name = flowWorkflowId(definition.name, key);
  return await createFlows({ client, taskQueue }).start({ name, definition });
}

const ALL: readonly Scenario[] = [...Object.values(SCENARIOS), GIVEN_UP];

interface WebhookBody {
  readonly workflow_id: string;
  readonly step: string;
  readonly visit: number;
}

interface Webhook {
  readonly name: string;
  /** `review#2`: the step, and its visit. */
  readonly visit: string;
  readonly isRefused: boolean;
}

async function answerTwice(flows: Flows, name: string): Promise<void> {
  const answer = { signal_id: 'answer-1', payload: { wants: 'tea' } };
  for (const _time of ['once', 'twice']) {
    await flows.signal(name, 'client-answered', answer).catch(unlessOver);
  }
}

/** A zombie attempt finds its flow closed. */
function unlessOver(error: unknown): void {
  if (!(error instanceof FlowNotOpenError)) throw error;
}

/** Of the flow, which is its workflow ID. */
function nameIn(key: string): string {
  return key.slice(0, key.indexOf('/'));
}

/** `ask#1`: a naive key has more behind it. */
function visitIn(key: string): string {
  return /\/(?<visit>[^#]+#\d+)/.exec(key)?.groups?.visit ?? key;
}
