import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Variant } from '#workshop';
import { type Judgement, readExercises } from '#workshop';
import { writePicture } from '#workshop/commands/picture';
import { broken, held, openPage, recordFees, textsOf } from '../report/picture-recorded.ts';

describe('the picture of a judgement', () => {
  it('lies in report/ under the name of the exercise, with the starter above what was judged', async () => {
    await using tree = await createTree();
    const path = await writePicture([await judged('starter'), await judged('my')], tree);

    expect(path).toBe('report/09-exactly-once-myth.html');
    const { document } = openPage(await readFile(join(tree.root, path), 'utf8'));
    expect(textsOf(document, 'h1')).toEqual(['09 · The exactly-once myth']);
    expect(textsOf(document, 'h3')).toEqual([
      'Before: the starter ✗ 1 of 1 claim fails',
      'After: what you wrote ✓ 1 claim holds',
    ]);
    expect(textsOf(document, '#ONE-DEDUCTION td:nth-child(5)')).toEqual(['✓ holds: 1']);
  });

  it('says where it was recorded: server, SDK, the time of the first request', async () => {
    await using tree = await createTree();
    const solution = await judged('solution');
    const path = await writePicture([solution], { ...tree, server: '1.29.1' });
    const { document } = openPage(await readFile(join(tree.root, path), 'utf8'));

    const at = new Date(solution.evidence[0]?.requests[0]?.sent.at ?? Number.NaN).toISOString();
    const [footer] = textsOf(document, 'footer');
    expect(footer).toContain(`Recorded ${at.slice(0, 10)} ${at.slice(11, 16)} UTC at commit `);
    expect(footer).toMatch(/, Temporal server 1\.29\.1, TypeScript SDK \d+\.\d+\.\d+\./);
  });

  it('counts claims that were not reached among those that fail, and says what stopped them', async () => {
    await using tree = await createTree();
    const half = { ...(await judged('my')), notReached: ['ANSWER-IS-90'] };
    const stopped = { ...half, stopped: { name: 'TypeError', message: 'no such thing' } };
    const headings = async (after: Judgement) => {
      const path = await writePicture([after], tree);
      return textsOf(openPage(await readFile(join(tree.root, path), 'utf8')).document, 'h3');
    };

    expect(await headings(half)).toEqual(['What you wrote ✗ 1 of 2 claims fails']);
    expect(await headings(stopped)).toEqual([
      'What you wrote ✗ Stopped by TypeError: no such thing, with 1 of 2 claims made',
    ]);
  });

  it('cannot be drawn of nothing', async () => {
    await using tree = await createTree();

    await expect(writePicture([], tree)).rejects.toThrow('No judgement to draw');
  });
});

const [exercise] = readExercises().filter(({ slug }) => slug === 'exactly-once-myth');

async function judged(variant: Variant): Promise<Judgement> {
  if (!exercise) throw new Error('No exercise exactly-once-myth');
  const keyed = variant !== 'starter';
  return {
    exercise,
    variant,
    claims: [keyed ? held : broken],
    notReached: [],
    stopped: undefined,
    evidence: [await recordFees({ keyed })],
    printed: [],
    durationMs: 0,
  };
}

/** A root with one exercise, whose test asks for a server. */
async function createTree() {
  const root = await mkdtemp(join(tmpdir(), 'press-twice-picture-'));
  const folder = join(root, 'exercises/09-exactly-once-myth');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'test.ts'), '({ temporal }) => {}');
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true }) };
}
