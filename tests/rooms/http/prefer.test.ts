import { describe, expect, it } from 'vitest';
import { prefers } from '#http';

describe('a Prefer header', () => {
  it.each([
    'respond-async',
    'Respond-Async',
    'respond-async, wait=10',
    'wait=10 ,respond-async',
    'return=minimal,,respond-async',
    'respond-async; strict',
    'respond-async=""',
    'handling="a, b", respond-async',
    String.raw`handling="a\", b", respond-async`,
  ])('asks for an answer now: %s', (header) => {
    expect(prefers(header, 'respond-async')).toBe(true);
  });

  it.each([
    undefined,
    '',
    'respond-asynchronously',
    'wait=10',
    'x="a, respond-async"',
    'x=respond-async',
    'x; respond-async',
    '"respond-async',
  ])('does not ask for it: %s', (header) => {
    expect(prefers(header, 'respond-async')).toBe(false);
  });
});
