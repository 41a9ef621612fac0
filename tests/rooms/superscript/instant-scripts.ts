import { newOrderId } from '#fixtures/superscript/place';
import type { ScriptOutcome, Scripts } from '#systems/superscript';
import { type Barrier, createBarrier } from '#testkit';

/** Scripts without a process: what is asked here is what the orchestrator does, and not what bash does. */
export function createInstantScripts() {
  const runs: string[] = [];
  const journal = new Set<string>();
  const held = new Map<string, Barrier>();
  const asked = new Map<string, Barrier>();
  let running = 0;
  let mostRunning = 0;
  const barrierOf = (barriers: Map<string, Barrier>, orderId: string) => {
    const barrier = barriers.get(orderId) ?? createBarrier(1);
    barriers.set(orderId, barrier);
    return barrier;
  };
  const scripts: Pick<Scripts, 'run'> = {
    async run(_name, [orderId = ''], { env, signal }) {
      running += 1;
      mostRunning = Math.max(mostRunning, running);
      void barrierOf(asked, orderId).arrive();
      const stopped = await heldOrStopped(held.get(orderId), signal);
      running -= 1;
      const step = env?.PAYMENT_STOP_AFTER ? 'collect' : 'confirm';
      if (!stopped) {
        runs.push(`${orderId}/${step}`);
        journal.add(`${orderId} ${step} ${env?.PAYMENT_STEP2_KEY ?? env?.PAYMENT_STEP1_KEY}`);
      }
      return outcomeOf(stopped);
    },
  };
  return {
    scripts,
    ledgerPath: '/nowhere/payments.ledger',
    /** `<order>/<step>` of each script that came to its end, in that order. */
    runs,
    /** How often an order has had a step: the journal has one line a key, as that of the real scripts. */
    effectsOf: (orderId: string, step: 'collect' | 'confirm') =>
      [...journal].filter((line) => line.startsWith(`${orderId} ${step} `)).length,
    mostRunning: () => mostRunning,
    /** The scripts of this order wait at the barrier. */
    hold(orderId: string, barrier: Barrier = createBarrier(1)): Barrier {
      held.set(orderId, barrier);
      return barrier;
    },
    /** The script of this order runs. */
    asked: (orderId: string) => barrierOf(asked, orderId).opened,
  };
}

export function newOrderIds(n: number): string[] {
  return Array.from({ length: n }, () => newOrderId());
}

/** Whether it was stopped. Held scripts meet at the barrier, so one for two opens when two run. */
async function heldOrStopped(barrier: Barrier | undefined, signal: AbortSignal | undefined) {
  if (barrier === undefined) return false;
  const stop = new Promise<true>((resolve) => {
    signal?.addEventListener('abort', () => resolve(true), { once: true });
  });
  const parties = barrier.parties > 1 ? barrier.arrive() : barrier.opened;
  return await Promise.race([parties.then(() => false), stop]);
}

function outcomeOf(stopped: boolean): ScriptOutcome {
  return {
    exitCode: stopped ? null : 0,
    signal: stopped ? 'SIGTERM' : null,
    stdout: '',
    stderr: '',
    durationMs: 0,
    stopped: stopped ? 'cancelled' : undefined,
  };
}
