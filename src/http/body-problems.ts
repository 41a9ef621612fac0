import { Problem, problemType } from './problem.ts';

export function tooLarge(limitBytes: number): Problem {
  return new Problem({
    status: 413,
    type: problemType('body-too-large'),
    title: 'Body too large',
    detail: `The body has more than ${limitBytes / 1024} KiB`,
  });
}

export function unsupportedEncoding(): Problem {
  return new Problem({
    status: 415,
    type: problemType('unsupported-content-encoding'),
    title: 'Unsupported content encoding',
    detail: 'Send the body as it is, or in gzip, deflate or br',
    headers: { 'Accept-Encoding': 'gzip, deflate, br' },
  });
}

export function unsupportedType(): Problem {
  return new Problem({
    status: 415,
    type: problemType('unsupported-content-type'),
    title: 'Unsupported content type',
    detail: 'Send Content-Type: application/json, in UTF-8',
    headers: { Accept: 'application/json' },
  });
}

export function badBody(detail: string, cause?: unknown): Problem {
  const details = {
    status: 400,
    type: problemType('malformed-body'),
    title: 'Malformed body',
    detail,
  };
  return new Problem(details, { cause });
}
