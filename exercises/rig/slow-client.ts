import { Client } from '@temporalio/client';
import { createBarrier } from '#testkit';

/** A client whose request to start a workflow is on its way for a long time. */
export interface SlowClient {
  readonly client: Client;
  /** Settles when the first start has been sent. */
  readonly sent: Promise<void>;
  /** Lets it reach the server, and each later one at once. */
  arrive(): Promise<void>;
}

/** What such a client has seen before it started may be out of date when its start arrives. */
export function createSlowClient({ connection }: Client): SlowClient {
  const sent = createBarrier(1);
  const arriving = createBarrier(1);
  const client = new Client({
    connection,
    interceptors: {
      workflow: [
        {
          async start(input, next) {
            void sent.arrive();
            await arriving.opened;
            return await next(input);
          },
        },
      ],
    },
  });
  return { client, sent: sent.opened, arrive: () => arriving.arrive() };
}
