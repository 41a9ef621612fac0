import type { RequestHandler } from 'express';
import { Problem, problemType } from './problem.ts';

/** Answers 405 and names what is allowed, as RFC 9110 demands. Mount it with `.all` after the methods of a route. */
export function methodNotAllowed(...methods: readonly string[]): RequestHandler {
  const allowed = methods.join(', ');
  return (request) => {
    throw new Problem({
      status: 405,
      type: problemType('method-not-allowed'),
      title: 'Method not allowed',
      detail: `${request.method} is not possible here: use ${allowed}`,
      headers: { Allow: allowed },
    });
  };
}

/** Answers 404 for a path that no route has taken; mount it after all of them. */
export const notFound: RequestHandler = () => {
  throw new Problem({
    status: 404,
    type: problemType('no-such-resource'),
    title: 'No such resource',
    detail: 'Nothing is found under this path',
  });
};

/**
 * The paths of one thing of a collection, `/orders/*orderId/fee`: without an ID, and with slashes in it, the path is
 * still this resource's, and the answer says what is wrong. Read the parameter with `parsePathId`.
 *
 * @param tail what stands behind the ID, such as `/fee`
 */
export function itemPaths(collection: string, parameter: string, tail = ''): string[] {
  return ['', '/', `/*${parameter}`].map((item) => `${collection}${item}${tail}`);
}
