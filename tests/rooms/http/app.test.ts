import type { RequestHandler } from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createApp, createRouter, methodNotAllowed, Problem, problemHandler } from '#http';
import { IntentMismatchError } from '#idempotency';
import { listen } from '#testkit';
import { exchange, head } from './raw.ts';

/** An app with one route, `/thing/:id`, that does this. */
function appWith(handler: RequestHandler, options: Parameters<typeof problemHandler>[0] = {}) {
  const router = createRouter();
  router.route('/thing/:id').get(handler).all(methodNotAllowed('GET', 'HEAD'));
  router.use(problemHandler(options));
  return createApp(router);
}

const well: RequestHandler = (_request, response) => {
  response.json({ well: true });
};

function failing(error: unknown): RequestHandler {
  return () => {
    throw error;
  };
}

describe('an app', () => {
  it('keeps its answers out of caches and its framework to itself', async () => {
    const { headers } = await request(appWith(well)).get('/thing/1');

    expect(headers['cache-control']).toBe('no-store');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('etag');
  });

  it.each(['/', '/nothing', '/Thing/1', '/thing/1/', '/thing/a/b', '//thing/1'])(
    'has nothing under %s',
    async (path) => {
      const { status, type, body } = await request(appWith(well)).get(path);

      expect({ status, type }).toEqual({ status: 404, type: 'application/problem+json' });
      expect(body).toEqual({
        type: 'urn:press-twice:problem:no-such-resource',
        title: 'No such resource',
        status: 404,
        detail: 'Nothing is found under this path',
      });
    },
  );

  it.each(['put', 'patch', 'delete', 'post', 'options'] as const)(
    'names what is allowed where %s is not',
    async (method) => {
      const { status, headers, body } = await request(appWith(well))[method]('/thing/1');

      expect(status).toBe(405);
      expect(headers.allow).toBe('GET, HEAD');
      expect(body.type).toBe('urn:press-twice:problem:method-not-allowed');
    },
  );

  it.each(['/thing/%', '/thing/%zz', '/thing/%ff', '/thing/%c0%ae', '/thing/%ed%a0%80'])(
    'refuses the path %s, which is not percent-encoded UTF-8',
    async (path) => {
      await using server = await listen(appWith(well));

      const answer = await exchange(server.url, head('GET', path, {}));

      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).toContain('application/problem+json');
      expect(answer).toContain('The path is not percent-encoded UTF-8');
    },
  );
});

describe('an error', () => {
  it('that is a problem is answered as it is', async () => {
    const problem = new Problem({
      status: 409,
      type: 'urn:press-twice:problem:busy',
      title: 'Busy',
      detail: 'Ask later',
      headers: { 'Retry-After': '1' },
      extensions: { since: 'noon', status: 200 },
    });

    const { status, headers, body } = await request(appWith(failing(problem))).get('/thing/1');

    expect(status).toBe(409);
    expect(headers['retry-after']).toBe('1');
    expect(body).toEqual({
      type: 'urn:press-twice:problem:busy',
      title: 'Busy',
      status: 409,
      detail: 'Ask later',
      since: 'noon',
    });
  });

  it('that says that a name was used for something else is a 422', async () => {
    const error = new IntentMismatchError('order-1', 'input');
    const { status, body } = await request(appWith(failing(error))).get('/thing/1');

    expect(status).toBe(422);
    expect(body.type).toBe('urn:press-twice:problem:intent-mismatch');
    expect(body.detail).toBe(error.message);
  });

  it('of a parser keeps its status and loses its message', async () => {
    const error = Object.assign(new Error('/etc/secret'), {
      status: 413,
      type: 'entity.too.large',
    });
    const { status, body, text } = await request(appWith(failing(error))).get('/thing/1');

    expect(status).toBe(413);
    expect(body.type).toBe('urn:press-twice:problem:payload-too-large');
    expect(text).not.toContain('secret');
  });

  it('that the router knows is translated and extended', async () => {
    const app = appWith(failing(new RangeError('far')), {
      translate: (error) =>
        error instanceof RangeError
          ? new Problem({ status: 404, type: 'urn:x:far', title: 'Far', detail: 'Too far' })
          : undefined,
      extend: ({ detail }) => ({ message: detail }),
    });

    const { status, body } = await request(app).get('/thing/1');

    expect(status).toBe(404);
    expect(body).toMatchObject({ type: 'urn:x:far', message: 'Too far' });
  });

  it.each([
    ['an Error', new Error('at /srv/app.ts:1')],
    ['a string', 'at /srv/app.ts:1'],
    ['an error with a status of its own', Object.assign(new Error('at /srv'), { status: 503 })],
  ])('that nobody knows, %s, is told to the operator alone', async (_what, error) => {
    const heard: unknown[] = [];
    const app = appWith(failing(error), { onError: (unknown) => heard.push(unknown) });

    const { status, text } = await request(app).get('/thing/1');

    expect(status).toBe(500);
    expect(heard).toEqual([error]);
    expect(text).not.toContain('/srv');
    expect(text).not.toContain('stack');
  });

  it('that no router has answered is a 500 as well', async () => {
    const router = createRouter();
    router.get('/thing', failing(new Error('at /srv/app.ts:1')));

    const { status, type, text } = await request(createApp(router)).get('/thing');

    expect({ status, type }).toEqual({ status: 500, type: 'application/problem+json' });
    expect(text).not.toContain('/srv');
  });

  it('that comes in the middle of an answer ends the connection', async () => {
    await using server = await listen(
      appWith((_request, response) => {
        response.write('{"half":');
        throw new Error('unforeseen');
      }),
    );

    const answer = fetch(`${server.url}/thing/1`).then((response) => response.text());

    await expect(answer).rejects.toThrow('terminated');
  });
});
