import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { PortTakenError, startHttpServer } from '#server';
import { createBarrier } from '#testkit';

const HOST = '127.0.0.1';

describe('startHttpServer', () => {
  it('listens on a free port for port 0, and tells which', async () => {
    await using server = await startHttpServer({ app: say('hello'), host: HOST, port: 0 });

    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d{4,5}$/);
    expect(await (await fetch(server.url)).text()).toBe('hello');
  });

  it('refuses a port that is taken by name, with what to do', async () => {
    await using first = await startHttpServer({ app: say('first'), host: HOST, port: 0 });
    const port = Number(new URL(first.url).port);

    const error = await startHttpServer({ app: say('second'), host: HOST, port }).catch((e) => e);

    expect(error).toBeInstanceOf(PortTakenError);
    expect(error.message).toBe(
      `Cannot listen on 127.0.0.1:${port} (EADDRINUSE): use another --port, or 0 for any`,
    );
    expect(await (await fetch(first.url)).text(), 'who has the port').toBe('first');
  });
});

describe('an HTTP server that is stopped', () => {
  it('answers the request that is under way, and takes no other', async () => {
    const [asked, mayAnswer] = [createBarrier(1), createBarrier(1)];
    const server = await startHttpServer({
      app: (_request, response) => {
        void asked.arrive();
        void mayAnswer.opened.then(() => response.end('answered'));
      },
      host: HOST,
      port: 0,
    });

    const underWay = fetch(server.url);
    await asked.opened;
    const stopped = server[Symbol.asyncDispose]();
    await expect(fetch(server.url), 'a request after it').rejects.toThrow('fetch failed');
    await mayAnswer.arrive();

    expect(await (await underWay).text()).toBe('answered');
    await stopped;
  });

  it('waits for no connection that a client keeps open, asked on or not', async () => {
    const [asked, mayAnswer] = [createBarrier(1), createBarrier(1)];
    const server = await startHttpServer({
      app: (_request, response) => {
        void asked.arrive();
        void mayAnswer.opened.then(() => response.end('answered'));
      },
      host: HOST,
      port: 0,
    });
    const silent = connect(Number(new URL(server.url).port), HOST);
    await once(silent, 'connect');
    const underWay = fetch(server.url);
    await asked.opened;

    const stopped = server[Symbol.asyncDispose]();
    await mayAnswer.arrive();
    const answer = await underWay;
    await Promise.all([stopped, once(silent, 'close')]);

    // Without it both would last until Node's own timeouts, of five seconds and of a minute.
    expect(answer.headers.get('Connection'), 'told to the client').toBe('close');
    expect(await answer.text()).toBe('answered');
  });
});

function say(text: string) {
  return (_request: unknown, response: { end(text: string): void }) => response.end(text);
}
