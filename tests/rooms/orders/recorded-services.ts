import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { openServices } from '#fixtures/orders/services';
import { createBarrier, listen } from '#testkit';

/** The three services behind a door that notes who asks what, and charges when it is told to. */
export async function openRecordedServices() {
  const isAsked = createBarrier(1);
  const mayCharge = createBarrier(1);
  const services = await openServices({
    async behave({ what }) {
      if (what === 'charges') {
        await isAsked.arrive();
        await mayCharge.opened;
      }
      return 'answers' as const;
    },
  });
  const asked: string[] = [];
  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '', headers } = request;
    asked.push(`${method} ${url} ${headers.authorization}`);
    const answer = await fetch(`${services.url}${url}`, {
      method,
      headers: new Headers(headers as Record<string, string>),
      body: await text(request),
    });
    response.writeHead(answer.status, { 'Content-Type': 'application/json' });
    response.end(await answer.text());
  };
  const door = await listen((request, response) => void pass(request, response));
  return {
    ...services,
    asked,
    /** Opens when the gateway has been asked to charge. */
    charging: isAsked.opened,
    letCharge: () => void mayCharge.arrive(),
    env: {
      GATEWAY_URL: door.url,
      GATEWAY_TOKEN: 'of-the-gateway',
      FULFILMENT_URL: door.url,
      FULFILMENT_TOKEN: 'of-the-fulfilment',
      MAIL_URL: door.url,
      MAIL_TOKEN: 'of-the-mail',
    },
    async [Symbol.asyncDispose]() {
      await door[Symbol.asyncDispose]();
      await services[Symbol.asyncDispose]();
    },
  };
}
