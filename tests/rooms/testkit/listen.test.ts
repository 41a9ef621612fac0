import { createServer, type RequestListener } from 'node:http';
import express from 'express';
import { describe, expect, it } from 'vitest';
import { createBarrier, listen, loseAnswers } from '#testkit';

describe('listen', () => {
  it('serves on the loopback interface and counts the requests', async () => {
    await using server = await listen(answering('hello'));

    const answers = [await textOf(server.url), await textOf(`${server.url}/path`)];

    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(answers).toEqual(['hello', 'hello']);
    expect(server.requestCount(), 'requests').toBe(2);
  });

  it('gives each server a port of its own, and frees it', async () => {
    await using first = await listen(answering('first'));
    const second = await listen(answering('second'));
    const { port } = new URL(second.url);

    expect(second.url).not.toBe(first.url);
    await second[Symbol.asyncDispose]();

    const third = createServer();
    await new Promise<void>((resolve) => third.listen(Number(port), '127.0.0.1', resolve));
    third.close();
  });

  it('cuts the requests that are in flight when it is disposed of: a test never waits for them', async () => {
    const asked = createBarrier(1);
    const server = await listen(() => void asked.arrive());
    const neverAnswered = fetch(server.url).catch((error: unknown) => error);
    await asked.opened;

    await server[Symbol.asyncDispose]();

    expect(String(await neverAnswered)).toContain('fetch failed');
  });
});

describe('loseAnswers', () => {
  it.each<[string, express.RequestHandler]>([
    ['json', (_request, response) => void response.json({ ok: true })],
    ['end', (_request, response) => void response.end('{"ok":true}')],
    [
      'write, then end',
      (_request, response) => {
        response.write('{"ok":');
        response.end('true}');
      },
    ],
  ])(
    'lets the effect of the first two happen and answers only the third (%s)',
    async (_how, answer) => {
      let effects = 0;
      const app = express().use(loseAnswers(2), (request, response, next) => {
        effects += 1;
        return answer(request, response, next);
      });
      await using server = await listen(app);

      const heard: string[] = [];
      for (const _ of Array(3)) {
        heard.push(await textOf(server.url).catch((error: Error) => error.name));
      }

      expect(heard).toEqual(['TypeError', 'TypeError', '{"ok":true}']);
      expect(effects, 'effects').toBe(3);
      expect(server.requestCount(), 'requests').toBe(3);
    },
  );
});

function answering(text: string): RequestListener {
  return (_request, response) => void response.end(text);
}

async function textOf(url: string): Promise<string> {
  return (await fetch(url)).text();
}
