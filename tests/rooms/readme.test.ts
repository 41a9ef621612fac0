import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { FeeDemo } from '#demos';
import { paintFor, renderEvidence, renderPair, renderVerdict } from '#report';
import { runHere } from './cli/here.ts';

const README = readFileSync('README.md', 'utf8');

describe('the README', () => {
  it('shows what node exercises/aha.mjs prints', () => {
    const printed = execFileSync('node', ['exercises/aha.mjs'], { encoding: 'utf8' });

    expect(README).toContain(`$ node exercises/aha.mjs\n${printed}`);
  });

  it('shows what npm start prints at its end, and opens with its numbers', async () => {
    const { exitCode, stdout } = await runHere(['start', '--json', '--delay', '0-0']);
    const demo = JSON.parse(stdout) as FeeDemo;
    const { withoutKey, withKey } = demo.lostAcknowledgement;

    expect(exitCode).toBe(0);
    const printed = [
      renderEvidence(demo.durable, plain),
      demo.durable.verdict ? renderVerdict(demo.durable.verdict, plain) : '',
      renderPair('AND WHEN THE ACKNOWLEDGEMENT IS LOST', [withoutKey, withKey], plain),
    ].join('\n\n');
    const shown = /<!-- proof:begin -->\n```text\n(.+)```\n<!-- proof:end -->/s.exec(README)?.[1];
    for (const block of masked(shown ?? 'no block')
      .trim()
      .split('\n\n')) {
      expect(masked(printed)).toContain(block);
    }

    const { requests, effects } = demo.naive;
    expect(README).toContain(
      `${requests.length} requests ask for the fees of ${demo.durable.effects.length} orders, the naive endpoint takes ${effects.length} of them, the durable one takes ${demo.durable.effects.length}.`,
    );
  });
});

const plain = paintFor(process.stdout);

/** Run IDs are new each time, and what was left after a fee depends on which order came first. */
function masked(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, '<id>')
    .replaceAll(/[\d.]+ left, by/g, '<balance> left, by');
}
