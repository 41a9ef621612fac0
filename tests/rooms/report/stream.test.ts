import { PassThrough } from 'node:stream';
import { WriteStream } from 'node:tty';
import { describe, expect, it, vi } from 'vitest';
import { paintFor, progressOn } from '#report';

describe('paint', () => {
  it('has colours for a terminal', () => {
    using _env = environment({ TERM: 'xterm-256color' });
    const paint = paintFor(terminal());

    expect(paint.good('PROOF')).toBe('\u001B[32mPROOF\u001B[39m');
    expect(paint.bad('BROKEN')).toBe('\u001B[31mBROKEN\u001B[39m');
  });

  it.each<[string, NodeJS.WriteStream, Record<string, string>]>([
    ['a pipe', pipe(), {}],
    ['a terminal under NO_COLOR', terminal(), { NO_COLOR: '1' }],
    ['a dumb terminal', terminal(), { TERM: 'dumb' }],
  ])('leaves the text as it is on %s', (_where, stream, env) => {
    using _env = environment({ TERM: 'xterm-256color', ...env });
    const { good, bad, limit, title, faint } = paintFor(stream);

    for (const style of [good, bad, limit, title, faint]) expect(style('text')).toBe('text');
  });
});

describe('progress', () => {
  it('is a line at once and a last one at the end on a pipe: a log stays short', () => {
    const stream = pipe();
    const progress = progressOn(stream);

    progress.show('1 of 3');
    progress.show('2 of 3');
    progress.show('3 of 3');
    progress.end();
    progress.end();

    expect(written(stream)).toBe('1 of 3\n3 of 3\n');
  });

  it('says nothing on a pipe where there was nothing to show', () => {
    const stream = pipe();

    progressOn(stream).end();

    expect(written(stream)).toBe('');
  });

  it('is one line on a terminal, cut to its width, and gone at the end', () => {
    const stream = terminal(10);
    const progress = progressOn(stream);

    progress.show('naive endpoint: 1 of 3');
    progress.show('2 of 3');
    progress.end();

    const clear = '\r\u001B[2K';
    expect(written(stream)).toBe(`${clear}naive end${clear}2 of 3${clear}`);
  });
});

function pipe(): NodeJS.WriteStream {
  return new PassThrough() as unknown as NodeJS.WriteStream;
}

/** What Node knows of a terminal, without one. */
function terminal(columns = 80): NodeJS.WriteStream {
  const { getColorDepth } = WriteStream.prototype;
  return Object.assign(pipe(), { isTTY: true, columns, getColorDepth });
}

function written(stream: NodeJS.WriteStream): string {
  return String((stream as unknown as PassThrough).read() ?? '');
}

/** The variables that decide about colours, and no others of this machine. */
function environment(env: Record<string, string>): Disposable {
  for (const name of [
    'NO_COLOR',
    'FORCE_COLOR',
    'NODE_DISABLE_COLORS',
    'TERM',
    'CI',
    'COLORTERM',
  ]) {
    vi.stubEnv(name, env[name]);
  }
  return { [Symbol.dispose]: () => void vi.unstubAllEnvs() };
}
