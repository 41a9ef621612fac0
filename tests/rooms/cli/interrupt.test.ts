import { describe, expect, it } from 'vitest';
import { alive, press } from './command.ts';

const TWO_SECONDS_MS = 2_000;

describe('Ctrl-C', () => {
  it.each([
    ['while the dev server starts', 'stdout', /with a key/],
    ['in the middle of the batch', 'stderr', /naive endpoint: \d/],
  ] as const)('%s ends all processes of start, with 130', async (_moment, stream, pattern) => {
    await using command = press(['start']);
    await command.said(stream, pattern);
    const family = command.family();

    const sentAtMs = performance.now();
    command.kill('SIGINT');
    const { exitCode, signal, stdout } = await command.finished;
    const tookMs = performance.now() - sentAtMs;

    expect({ exitCode, signal }).toEqual({ exitCode: 130, signal: null });
    expect(tookMs, 'milliseconds').toBeLessThan(TWO_SECONDS_MS);
    expect(alive(family), 'processes that are left').toEqual([]);
    expect(stdout, 'no verdict on half a batch').not.toContain('PROOF');
  });
});
