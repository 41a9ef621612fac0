import { createRouter, fetchJson, jsonBody, membersOf, objectBody, problemHandler } from '#http';
import type { Outbox, OutboxEntry } from '#systems/flows';

/** An outbox as a service: what is written into it outlives the worker that asked for it. */
export function createOutboxRouter(outbox: Outbox): ReturnType<typeof createRouter> {
  const router = createRouter();
  router.post('/outbox', jsonBody({ limitBytes: MAX_BYTES }), async (request, response) => {
    const { asked } = objectBody(request);
    const { key, entry, by } = JSON.parse(String(asked)) as Asked;
    response.json(await outbox.put(key, entry, by));
  });
  router.use(problemHandler());
  return router;
}

/** Reaches it from another process. */
export function createOutboxClient(url: string): Pick<Outbox, 'put'> {
  return {
    async put(key, entry, by) {
      const asked = JSON.stringify({ key, entry, by } satisfies Asked);
      const answer = await fetchJson(url, { method: 'POST', body: { asked }, timeoutMs: 1_500 });
      const { id, outcome } = membersOf(answer.body);
      if (typeof id !== 'string' || (outcome !== 'first' && outcome !== 'replay')) {
        throw new Error(`The outbox answered with HTTP ${answer.status}: ask again`);
      }
      return { id, outcome };
    },
  };
}

const MAX_BYTES = 1024 * 1024;

/** Sent as one text: the attempt in it is to stay a plain number. */
interface Asked {
  readonly key: string;
  readonly entry: OutboxEntry;
  readonly by?: { readonly by: string; readonly attempt: number } | undefined;
}
