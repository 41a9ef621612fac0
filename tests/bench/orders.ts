import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import { openServices } from '#fixtures/orders/services';
import { runWorker } from '#server';
import { FEE_WORKFLOWS_PATH } from '#systems/fees';
import {
  createMemoryOrders,
  createOrders,
  type OrderInput,
  type Orders,
  orderWorkerOptions,
} from '#systems/orders';
import { RunFailedError } from '#temporal';
import type { DevServer } from '#temporal/dev-server';
import { connectTest, draw, failRandomly } from '#testkit';
import { median, timed } from './figure.ts';

const CUSTOMERS = 3;
const WARM_UP = 10;

/** Medians, in milliseconds. */
export interface PlacedTimes {
  /** One `start` of the SDK, of a workflow that nobody works on. */
  readonly startMs: number;
  /** `place`, until the order is accepted. */
  readonly acceptedMs: number;
  /** `execute` of a workflow with one activity, which does nothing. */
  readonly executeMs: number;
  /** From the placing until the order is FULFILLED. */
  readonly fulfilledMs: number;
}

/** Places so many orders, one after the other, and starts and executes beside them what they are compared with. */
export async function timeOrders(server: DevServer, times: number): Promise<PlacedTimes> {
  const { client, nativeConnection: connection } = server;
  const taskQueue = 'bench-orders';
  await using services = await openServices();
  const options = { taskQueue, orders: createMemoryOrders(), ...services };
  await using _worker = await runWorker({ connection, ...orderWorkerOptions(options) });
  await using _other = await runWorker({
    connection,
    taskQueue: 'bench-one-activity',
    workflowsPath: FEE_WORKFLOWS_PATH,
    activities: { deductFee: async () => ({ new_balance: 0 }) },
  });
  const orders = createOrders({ client, taskQueue });
  const measured: PlacedTimes[] = [];
  for (let nth = 0; nth < times + WARM_UP; nth += 1) {
    measured.push(await timeOne(client, orders, `${nth}`, taskQueue));
  }
  const counted = measured.slice(WARM_UP);
  const of = (name: keyof PlacedTimes) => median(counted.map((one) => one[name]));
  return {
    startMs: of('startMs'),
    acceptedMs: of('acceptedMs'),
    executeMs: of('executeMs'),
    fulfilledMs: of('fulfilledMs'),
  };
}

async function timeOne(
  client: Client,
  orders: Orders,
  name: string,
  taskQueue: string,
): Promise<PlacedTimes> {
  const one = { args: [{}], workflowExecutionTimeout: '1 minute' } as const;
  const start = await timed(() =>
    client.workflow.start('FeeDeductionWorkflow', {
      ...one,
      workflowId: `bench-start-${name}`,
      taskQueue: `${taskQueue}-nobody`,
    }),
  );
  const execute = await timed(() =>
    client.workflow.execute('FeeDeductionWorkflow', {
      ...one,
      workflowId: `bench-execute-${name}`,
      taskQueue: 'bench-one-activity',
    }),
  );
  const order = orderCalled(`bench-${name}`);
  const placing = Date.now();
  const accepted = await timed(() => orders.place(order));
  await accepted.value.result();
  const state = (await orders.state(order.order_id))?.order;
  const fulfilled = state?.timeline.find(({ status }) => status === 'FULFILLED');
  return {
    startMs: start.tookMs,
    acceptedMs: accepted.tookMs,
    executeMs: execute.tookMs,
    fulfilledMs: Date.parse(fulfilled?.at ?? '') - placing,
  };
}

export interface ManyOrders {
  readonly tookMs: number;
  readonly started: number;
  readonly fulfilled: number;
  /** Attempts and requests that were made to fail. */
  readonly faults: number;
}

/**
 * Places so many orders three times each, while one of ten attempts fails before or after its effect, and one of ten
 * requests gets no answer; a twentieth is declined, and a twentieth not shipped.
 *
 * @throws {Error} the net money is not the price of what was shipped
 * @throws whatever keeps an order from its end
 */
export async function placeMany(server: DevServer, count: number): Promise<ManyOrders> {
  let lost = 0;
  await using services = await openServices({
    behave({ what, reference, time }) {
      if (draw(1, what, reference, time) >= 0.1) return 'answers';
      lost += 1;
      return draw(2, what, reference, time) < 0.5 ? 'loses-answer' : 'fails';
    },
    declines: ({ customer_id }) => (customer_id === 'customer 1' ? 'no funds' : undefined),
    refuses: ({ items }) => (items[0]?.sku === 'sku 1' ? 'none left' : undefined),
  });
  await using temporal = await connectTest({ address: server.address });
  const { client, taskQueue } = temporal;
  const random = failRandomly({ percent: 10, seed: 3 });
  const store = createMemoryOrders();
  await using _worker = await temporal.runWorker(
    orderWorkerOptions({ taskQueue, orders: store, ...services }),
    { faults: [random], shrink: false },
  );
  const orders = createOrders({ client, taskQueue });
  const all = Array.from({ length: count }, (_, nth) => ({
    ...orderCalled(`many-${nth}`),
    customer_id: `customer ${nth % 20}`,
    items: [
      { sku: `sku ${Math.floor(nth / 20) % 20}`, quantity: 1 + (nth % 3), unit_price_cents: 9_99 },
    ],
  }));
  const { value: ends, tookMs } = await timed(() => placeTimes(orders, all));

  const shipped = new Map(
    ends.flatMap(({ result }) => (result?.status === 'FULFILLED' ? [[result.id, result]] : [])),
  );
  const price = [...shipped.values()].reduce((cents, { total_cents }) => cents + total_cents, 0);
  const parcels = services.books.shipments.find().length;
  if (services.netCents() !== price || parcels !== shipped.size) {
    throw new Error(
      `Of ${count} orders ${shipped.size} are fulfilled, ${parcels} parcels were sent, and ${services.netCents()} cents were kept for ${price}`,
    );
  }
  const started = ends.filter(({ outcome }) => outcome === 'started').length;
  return { tookMs, started, fulfilled: shipped.size, faults: lost + random.struck.length };
}

/** Each order comes to its end, a good one or another, or this throws. */
async function placeTimes(orders: Orders, all: readonly OrderInput[]) {
  const limit = pLimit(20);
  const place = async (order: OrderInput) => {
    const { outcome, result } = await orders.place(order);
    try {
      return { outcome, result: await result() };
    } catch (error) {
      if (error instanceof RunFailedError) return { outcome, result: undefined };
      throw error;
    }
  };
  const thrice = all.flatMap((order) => Array.from({ length: CUSTOMERS }, () => order));
  return await Promise.all(thrice.map((order) => limit(() => place(order))));
}

function orderCalled(order_id: string): OrderInput {
  const items = [{ sku: 'tea', quantity: 2, unit_price_cents: 4_50 }];
  return { order_id, customer_id: 'ann', items, currency: 'EUR' };
}
