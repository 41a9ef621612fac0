import { Client } from '@temporalio/client';
import type { Barrier } from '#testkit';

/** A client that arrives at the barrier whenever the server has answered a start of its own, whatever it said. */
export function clientThatArrives({ connection }: Client, barrier: Barrier): Client {
  return new Client({
    connection,
    interceptors: {
      workflow: [
        {
          async startWithDetails(input, next) {
            try {
              return await next(input);
            } finally {
              void barrier.arrive();
            }
          },
        },
      ],
    },
  });
}
