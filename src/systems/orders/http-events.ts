import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, RequestHandler, Response } from 'express';
import { Problem, problemType } from '#http';
import { TemporalUnavailableError } from '#temporal';
import { lookAt } from './http-messages.ts';
import { type WatchOptions, watchOrder } from './http-watch.ts';
import { neverPlaced, orderProblem, tooManyStreams } from './order-problems.ts';
import { type AskedOrder, readAsked } from './order-request.ts';
import type { OrderStore } from './order-store.ts';
import type { OrderView } from './orders.ts';
import type { OnOrderProgress } from './progress.ts';

export interface EventsOptions extends WatchOptions {
  readonly store: Pick<OrderStore, 'find'>;
  /** How many clients of this process may listen at once; a hundred unless told. */
  readonly mostStreams?: number | undefined;
  /** Ends every stream, so that a server can close: a client that asks again goes on where it stopped. */
  readonly closing?: AbortSignal | undefined;
  readonly onProgress?: OnOrderProgress | undefined;
}

/**
 * `GET /orders/:orderId/events`: what becomes of an order, as server-sent events: each `status` it enters, with its place
 * as `id`, and at the end `confirmation`, or the `problem` that the run came to. Then the stream ends.
 *
 * `Last-Event-ID` goes on behind that place; where nothing can follow, and where Temporal has forgotten the order, the
 * answer is 204, which ends the asking of an `EventSource`. While Temporal is away nothing is told, and the stream goes on.
 *
 * Trap: a run that was reset writes its timeline anew, and places begin anew with it.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function createEventsHandler(options: EventsOptions): RequestHandler {
  const { mostStreams = 100 } = options;
  let open = 0;
  return async (request, response) => {
    const asked = readAsked(request);
    const after = readLastEventId(request);
    if (open >= mostStreams) throw tooManyStreams(mostStreams);
    open += 1;
    try {
      await answer(options, request, response, { ...asked, after });
    } finally {
      open -= 1;
    }
  };
}

interface Listening extends AskedOrder {
  /** The place of the last event that the client has. */
  readonly after: number;
}

interface OrderEvent {
  /** Its place, from 1; undefined where none is known. */
  readonly id?: number;
  readonly event: 'status' | 'confirmation' | 'problem';
  readonly data: unknown;
}

async function answer(
  options: EventsOptions,
  request: Request,
  response: Response,
  listening: Listening,
): Promise<void> {
  // What is wrong is said before the stream begins: in it there is no status.
  const { view, stored } = await lookAt(options, listening);
  if (view === undefined && stored === undefined) throw neverPlaced();
  if (view === undefined || isTold(view, listening.after)) {
    response.status(204).end();
    return;
  }
  // A proxy that collects an answer before it passes it on would keep the news to itself.
  response.set({ 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' }).flushHeaders();
  if (request.method === 'HEAD') response.end();
  else await send(options, response, listening);
}

async function send(
  { closing, onProgress, ...options }: EventsOptions,
  response: Response,
  listening: Listening,
): Promise<void> {
  const end = new AbortController();
  const stop = () => end.abort();
  closing?.addEventListener('abort', stop);
  response.once('close', stop);
  if (closing?.aborted || response.closed) stop();
  try {
    await pipeline(Readable.from(textOf(options, listening, end.signal)), response);
  } catch (error) {
    // A client that goes away is no fault. An answer that was begun has no other way to tell of one than to break off.
    if (!end.signal.aborted) onProgress?.({ event: 'broke', error });
    response.destroy();
  } finally {
    closing?.removeEventListener('abort', stop);
  }
}

async function* textOf(
  options: WatchOptions,
  listening: Listening,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  let sent = listening.after;
  const orders = unlessAway(options.orders);
  for await (const view of watchOrder({ ...options, orders }, listening, signal)) {
    const events = view === undefined ? [] : eventsOf(view);
    const news = events.filter(({ id }) => id === undefined || id > sent);
    sent = Math.max(sent, ...news.map(({ id = 0 }) => id));
    // A comment: it tells nothing, and keeps whoever is in between from hanging up.
    yield news.length === 0 ? ':\n\n' : news.map(lineOf).join('');
    if (view !== undefined && isOver(view)) return;
  }
}

/** A client that is answered with 503 does not come back by itself, so a stream outlives an outage. */
function unlessAway(orders: WatchOptions['orders']): WatchOptions['orders'] {
  return {
    async state(orderId, tenant) {
      try {
        return await orders.state(orderId, tenant);
      } catch (error) {
        if (error instanceof TemporalUnavailableError) return undefined;
        throw error;
      }
    },
  };
}

/** This client has heard everything. */
function isTold(view: OrderView, after: number): boolean {
  return after > 0 && view.order !== undefined && isOver(view) && eventsOf(view).length <= after;
}

/** Everything has been told, as far as anybody knows. */
function isOver({ status, order }: OrderView): boolean {
  return status === 'failed' || (status === 'done' && order !== undefined);
}

function eventsOf({ order, error }: OrderView): readonly OrderEvent[] {
  const timeline = (order?.timeline ?? []).map((data) => ({ event: 'status' as const, data }));
  const { confirmation = null } = order ?? {};
  const mail = confirmation && { event: 'confirmation' as const, data: { confirmation } };
  const told = [...timeline, ...(mail ? [mail] : [])].map((one, place) => ({
    id: place + 1,
    ...one,
  }));
  if (error === undefined) return told;
  const problem = { event: 'problem' as const, data: orderProblem(error)?.toJSON() };
  return [...told, { ...problem, ...(order && { id: told.length + 1 }) }];
}

/** JSON has no line breaks, so one line of data is enough. */
function lineOf({ id, event, data }: OrderEvent): string {
  const place = id === undefined ? '' : `id: ${id}\n`;
  return `${place}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

function readLastEventId(request: Request): number {
  const text = request.get('Last-Event-ID') || '0';
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Problem({
    status: 400,
    type: problemType('bad-last-event-id'),
    title: 'Bad Last-Event-ID',
    detail: 'Last-Event-ID has to be the id of an event of this stream: a whole number',
  });
}
