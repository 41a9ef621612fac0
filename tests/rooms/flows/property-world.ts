import { v4 as uuid } from 'uuid';
import { vi } from 'vitest';
import { openFlows, type WebhookAnswer } from '#fixtures/flows/house';
import {
  FlowNotOpenError,
  type FlowState,
  flowWorkflowId,
  type OutboxEffect,
} from '#systems/flows';
import { RunFailedError } from '#temporal';
import {
  CrashBeforeEffectError,
  type Fault,
  LostAcknowledgementError,
  type Temporal,
} from '#testkit';
import { PATIENT, type Plan } from './property-plans.ts';

export interface Life {
  readonly name: string;
  readonly plan: Plan;
  /** What it knows when it is over. */
  readonly flow: FlowState;
  /** By their senders' names for them: those that a run took, and that came when it was over. */
  readonly taken: ReadonlySet<string>;
  readonly tooLate: ReadonlySet<string>;
  /** Its entries in the outbox. */
  readonly entries: readonly OutboxEffect[];
  /** Of each webhook that it has sent, as the other company tells them apart: by their keys. */
  readonly webhooks: readonly Readonly<Record<string, unknown>>[];
}

interface Living {
  readonly plan: Plan;
  readonly taken: Set<string>;
  readonly tooLate: Set<string>;
}

export type PlannedWorld = Awaited<ReturnType<typeof openWorld>>;

/** The real workflow on a real server, whose attempts crash as each plan says. */
export async function openWorld(temporal: Temporal, nodes: 'keyed' | 'naive') {
  const living = new Map<string, Living>();
  const struck = { before: 0, after: 0 };
  const house = await openFlows(temporal, {
    nodes,
    faults: [crashes()],
    answer: ({ body }) => answerTo(body),
  });
  const { flows, outbox, receiver } = house;

  function crashes(): Fault {
    return {
      name: 'as planned',
      get strikes() {
        return struck.before + struck.after;
      },
      async attempt({ info: { workflowExecution, activityId, attempt } }, run) {
        const name = workflowExecution?.workflowId ?? '';
        const { plan } = living.get(name) as Living;
        // The SDK numbers a run's activities in the order in which it calls them, from 1.
        const nth = Number(activityId);
        if (attempt === 1) await answer(name, nth);
        const crash = plan.crashes[(nth - 1) % plan.crashes.length]?.[attempt - 1];
        if (crash !== undefined) struck[crash] += 1;
        if (crash === 'before') throw new CrashBeforeEffectError();
        const result = await run();
        if (crash === 'after') throw new LostAcknowledgementError();
        return result;
      },
    };
  }

  /** "Later" is said once to each visit, whatever its key. */
  function answerTo({ says, workflow_id, step, visit }: Life['webhooks'][number]): WebhookAnswer {
    const isSame = (body: Life['webhooks'][number]) =>
      body.workflow_id === workflow_id && body.step === step && body.visit === visit;
    const times = receiver.received.filter(({ body }) => isSame(body)).length;
    if (says === 'later' && times === 1) return { status: 503, headers: { 'Retry-After': '0' } };
    return { status: says === 'no' ? 422 : 200 };
  }

  async function answer(name: string, before: number): Promise<void> {
    const answers = living.get(name)?.plan.answers ?? [];
    for (const [nth, one] of answers.entries()) {
      if (one.before === before) await send(name, `planned ${nth}`, one.times);
    }
  }

  async function send(name: string, signal_id: string, times: number): Promise<void> {
    const { taken, tooLate } = living.get(name) as Living;
    for (let time = 1; time <= times; time += 1) {
      try {
        await flows.signal(name, 'client-answered', { signal_id, payload: time });
        taken.add(signal_id);
      } catch (error) {
        if (!(error instanceof FlowNotOpenError)) throw error;
        tooLate.add(signal_id);
      }
    }
  }

  /** Somebody answers, twice, each time that a patient step waits. */
  async function answerPatientSteps(name: string): Promise<void> {
    const { steps } = (living.get(name) as Living).plan.definition;
    const isPatient = (step: string) => steps[step]?.config === PATIENT;
    if (!Object.keys(steps).some(isPatient)) return;
    const look = async () => {
      const { status, flow } = (await flows.state(name)) ?? {};
      const { waiting = null, current, visited = [] } = flow ?? {};
      if (waiting !== null && isPatient(current ?? '')) {
        await send(name, `for visit ${visited.length + 1}`, 2);
      }
      if (status === 'running') throw new Error(`${name} goes on`);
    };
    await vi.waitFor(look, { interval: 40, timeout: 60_000 });
  }

  return {
    house,
    struck,
    async live(plan: Plan): Promise<Life> {
      const name = flowWorkflowId(plan.definition.name, uuid());
      const one = { plan, taken: new Set<string>(), tooLate: new Set<string>() };
      living.set(name, one);
      const run = await flows.start({ name, definition: plan.definition, input: plan.input });
      await answer(name, 0);
      await answerPatientSteps(name);
      await run.result().catch(unlessFailed);
      const flow = (await flows.state(name))?.flow as FlowState;
      await send(name, 'afterwards', 1);
      const own = receiver.received.filter(({ body }) => body.workflow_id === name);
      return {
        name,
        ...one,
        flow,
        entries: (await outbox.effects()).filter(({ key }) => key.startsWith(`${name}/`)),
        webhooks: [...new Map(own.map(({ key, body }) => [key, body])).values()],
      };
    },
    [Symbol.asyncDispose]: () => house[Symbol.asyncDispose](),
  };
}

/** A loop that is visited too often fails, and that is an end like another. */
function unlessFailed(error: unknown): void {
  if (!(error instanceof RunFailedError)) throw error;
}
