import { setTimeout } from 'node:timers/promises';
import type { Asked, Behaviour } from '#systems/orders';
import { createBarrier } from '#testkit';
import type { Behaviours, World } from './orders-acts.ts';

/** A request that has reached one of the services, and what came of it. */
export interface ServiceRequest {
  /** Such as `charges`, or `charges/close`. */
  readonly what: string;
  /** When the service has turned to it, in milliseconds since the epoch. */
  readonly at: number;
  readonly behaviour: Behaviour;
  /** It arrived when all was over. */
  readonly late: boolean;
  readonly answer?: ServiceAnswer;
}

/** What the service has done, whether the answer has arrived or not. */
export interface ServiceAnswer {
  readonly status: number;
  /** The key was known. */
  readonly replayed: boolean;
  /** Nothing is done under the reference any more. */
  readonly closed: boolean;
  /** How many entries there are under the reference. */
  readonly entries: number;
}

/** What the services do in one act, request by request. */
export interface Script {
  readonly world: World;
  behave(asked: Asked): Promise<Behaviour>;
  /** A request is over, answered or not. */
  answered(what: string, answer: ServiceAnswer): void;
  /** The order is over: what is still on its way arrives now. Waits until it has. */
  end(): Promise<void>;
  /** In the order in which the services have turned to them. */
  requests(): readonly ServiceRequest[];
}

export interface ScriptOptions {
  /** Nobody is charged before every client has placed the order. */
  readonly placed: Promise<void>;
  /** Sends the customer's wish to cancel. */
  readonly cancel: () => Promise<void>;
}

/**
 * The request that is on its way when the customer cancels is held until its key was closed, or the order is over: the
 * latest moment at which it could still do harm.
 */
export function createScript(world: World, { placed, cancel }: ScriptOptions): Script {
  const { cancels_during: moment } = world.customer;
  const times = new Map<string, number>();
  const requests: { request: ServiceRequest; readonly done: () => void }[] = [];
  const over = createBarrier(1);
  const idle = createIdle();
  let cancelled = false;

  const onItsWay = async (what: string) => {
    if (what === 'charges') await placed;
    if (what !== moment || cancelled) return false;
    cancelled = true;
    await cancel();
    // A mail has no key that is closed.
    if (what !== 'mails') await over.opened;
    return what !== 'mails';
  };
  return {
    world,
    async behave({ what }) {
      const time = (times.get(what) ?? 0) + 1;
      times.set(what, time);
      const behaviour = behavioursOf(world, what)[time - 1] ?? 'answers';
      const done = idle.begin();
      try {
        const late = await onItsWay(what);
        requests.push({ request: { what, at: Date.now(), behaviour, late }, done });
        return behaviour;
      } catch (error) {
        done();
        throw error;
      }
    },
    answered(what, answer) {
      const open = requests.find(
        ({ request }) => request.what === what && request.answer === undefined,
      );
      if (open === undefined) return;
      open.request = { ...open.request, answer };
      open.done();
      if (what === `${moment}/close`) void over.arrive();
    },
    async end() {
      void over.arrive();
      await idle.wait();
    },
    requests: () => requests.map(({ request }) => request),
  };
}

function behavioursOf({ gateway, fulfilment, mail }: World, what: string): Behaviours {
  const scripts: Readonly<Record<string, Behaviours>> = {
    charges: gateway.charges,
    refunds: gateway.refunds,
    'charges/close': gateway.closes,
    shipments: fulfilment.shipments,
    'shipments/close': fulfilment.closes,
    mails: mail.mails,
  };
  return scripts[what] ?? [];
}

/** Waits until nothing is under way; not for ever, because a client that has gone is not heard of again. */
function createIdle() {
  let underWay = 0;
  const waiting = new Set<() => void>();
  return {
    begin() {
      underWay += 1;
      return () => {
        underWay -= 1;
        if (underWay === 0) for (const resolve of waiting) resolve();
      };
    },
    async wait() {
      if (underWay === 0) return;
      const limit = new AbortController();
      const idle = new Promise<void>((resolve) => waiting.add(resolve));
      await Promise.race([idle, setTimeout(IDLE_WITHIN_MS, undefined, limit)]);
      limit.abort();
    },
  };
}

/** More than a client waits for its answer. */
const IDLE_WITHIN_MS = 2_000;
