import type { OrderStore } from '#systems/orders';
import type { Evidence, Table, Verdict } from '#testkit';
import type { OrderAct } from './orders-acts.ts';
import { allEffects, type CountedOrder } from './orders-counted.ts';
import { playKeyed } from './orders-keyed.ts';
import { playNaive } from './orders-naive.ts';
import type { OrderStage } from './orders-stage.ts';
import { ledgersTable, servicesTable } from './orders-tables.ts';
import { proveOrder, proveOrderDamage, proveOrders } from './orders-verdict.ts';
import { type OrderWorkersOptions, openOrderWorkers } from './orders-worker.ts';

export interface OrderDemoOptions extends Pick<OrderWorkersOptions, 'temporal'> {
  readonly stage: OrderStage;
  readonly store: OrderStore;
  /** One after the other. Each has an order ID of its own. */
  readonly acts: readonly OrderAct[];
  /** Half a demo has no verdict: it fails with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Before an act begins, counted from 1. The demo waits for it. */
  readonly onAct?: (act: OrderAct, number: number) => Promise<void>;
  readonly onActEnd?: (found: FoundAct) => void;
}

/** What an act came to. */
export interface FoundAct extends Evidence {
  /** Of the naive saga in the same world. */
  readonly control?: Verdict;
}

/** What the demo found, in the order in which it is told. */
export interface OrderDemo {
  readonly acts: readonly FoundAct[];
  /** The sums of every order; of the control's, where it was played. */
  readonly ledgers: readonly Table[];
  /** Of the whole, counted from the books; it does not hold where that of an act does not. */
  readonly verdict: Verdict;
}

/**
 * Plays orders that meet a world in which something goes wrong, and adds up what the gateway, the fulfilment and the mail
 * have done.
 *
 * @throws the signal's reason
 */
export async function runOrderDemo(options: OrderDemoOptions): Promise<OrderDemo> {
  const { stage, acts, signal } = options;
  await using _workers = await openOrderWorkers(options);
  const played: Played[] = [];
  for (const [index, act] of acts.entries()) {
    await options.onAct?.(act, index + 1);
    const one = await play(act, options);
    signal?.throwIfAborted();
    played.push(one);
    options.onActEnd?.(one.found);
  }

  const orders = played.map(({ counted }) => counted);
  const naive = played.flatMap(({ control }) => control ?? []);
  const whole = proveOrders({ orders, books: await allEffects(stage.keyed.books) });
  const shown = played.flatMap(({ found }) => found.control?.problems ?? []);
  const problems = [...whole.problems, ...shown];
  return {
    acts: played.map(({ found }) => found),
    ledgers: [
      ledgersTable('The ledgers, in cents; what is fulfilled has its price', orders),
      ...(naive.length === 0
        ? []
        : [ledgersTable('THE CONTROL: the same of the naive saga', naive)]),
    ],
    verdict: { ...whole, holds: problems.length === 0, problems },
  };
}

interface Played {
  readonly found: FoundAct;
  readonly counted: CountedOrder;
  readonly control: CountedOrder | undefined;
}

async function play(act: OrderAct, options: OrderDemoOptions): Promise<Played> {
  const { stage } = options;
  const { counted, asked, recorder, details } = await playKeyed(act, {
    ...options,
    services: stage.keyed,
  });
  const naive = act.control
    ? await playNaive(act, { ...options, services: stage.naive })
    : undefined;
  recorder.table(servicesTable(asked, counted, naive));
  recorder.verdict(proveOrder(counted, details));
  const control = naive && { control: proveOrderDamage(naive.counted) };
  return { found: { ...recorder.evidence(), ...control }, counted, control: naive?.counted };
}
