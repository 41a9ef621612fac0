import { describe, expect, it } from 'vitest';
import { PICTURE_BYTES, type Picture, renderPicture } from '#report';
import { createRecorder, type Evidence } from '#testkit';
import { facts, openPage, pictureOfFees, recordFees, textsOf } from './picture-recorded.ts';

describe('the picture of fifty clients', () => {
  it('draws some of each kind, and says how many it leaves out of drawing and table', async () => {
    const html = renderPicture(await pictureOfFees(50));
    const { document } = openPage(html);
    const drawing = document.querySelector('figure svg');
    const drawn = textsOf(drawing, '.wait').length;
    const left = textsOf(drawing, '.quiet').filter((text) => text.startsWith('and '));

    expect(drawn, 'clients drawn').toBeGreaterThanOrEqual(4);
    expect(left[0]).toMatch(new RegExp(`^and ${50 - drawn} more: `));
    expect(textsOf(drawing, '.bar.failed'), 'the rare attempt is drawn').toHaveLength(1);
    expect(textsOf(document, 'section > p')[1]).toContain(`requests: ${50 - drawn} more: `);
    expect(textsOf(document, 'figcaption')[0]).toMatch(
      /^50 requests: .* 50 runs are seen\. 51 attempts: 1.×.failed; 50.×.completed\./,
    );
    expect(Buffer.byteLength(html)).toBeLessThan(PICTURE_BYTES);
  });

  it('tells the balance after the last entry, also where that one is not drawn', async () => {
    const { document } = openPage(renderPicture(await pictureOfFees(50)));
    const [before = null, after = null] = document.querySelectorAll('figure');

    expect(textsOf(before, '.written').length, 'entries drawn').toBeLessThan(51);
    expect(textsOf(before, '.strong')).toEqual([`${1000 - 51 * 10} left`]);
    expect(textsOf(before, 'figcaption')[0]).toContain(`→ ${1000 - 51 * 10}.`);
    expect(textsOf(after, '.strong')).toEqual([`${1000 - 50 * 10} left`]);
  });

  it('stays below 30 KB with eight tests on either side, and names those that are not drawn', async () => {
    const evidence = await recordFees({ clients: 50 });
    const side = { name: 'the starter', evidence: Array.from({ length: 8 }, () => evidence) };
    const html = renderPicture(picture({ ...side, claims: [] }));
    const { document } = openPage(html);
    const drawn = textsOf(document, 'section').length;

    expect(Buffer.byteLength(html)).toBeLessThan(PICTURE_BYTES);
    expect(textsOf(document, 'main > p').at(-1)).toBe(`Not drawn: ${8 - drawn} more tests.`);
  });
});

describe('an attempt', () => {
  it('has lost its answer where it failed and the ledger had been asked meanwhile', async () => {
    const endings = await endingsOf(async (recorder) => {
      await failing(recorder, 1, () => recorder.ledger({ what: '−10', came: 'written' }));
      await failing(recorder, 2, () => recorder.ledger({ what: '−10', came: 'declined' }));
      await failing(recorder, 3, () => {});
    });

    expect(endings).toEqual(['answer lost', 'failed', 'failed']);
  });

  it('has only failed where another one may have asked the ledger', async () => {
    const endings = await endingsOf(async (recorder) => {
      await failing(recorder, 1, async () => {
        await failing(recorder, 2, () => recorder.ledger({ what: '−10', came: 'written' }));
      });
    });

    expect(endings).toEqual(['failed', 'failed']);
  });

  it('ended too late where the next one of its run had begun', async () => {
    const endings = await endingsOf(async (recorder) => {
      await recorder.attempt(attempt(1), async () => {
        await recorder.attempt(attempt(2), async () => {});
      });
    });

    expect(endings).toEqual(['ended too late', 'completed']);
  });

  it('is drawn to the end of the axis where nobody saw it end', async () => {
    const endings = await endingsOf(async (recorder) => {
      void recorder.attempt(attempt(1), async () => await new Promise(() => {}));
    });

    expect(endings).toEqual(['not ended']);
  });
});

describe('a request', () => {
  it('has a ✕ and the name of the error where it was refused, and no answer where none came', async () => {
    const recorder = createRecorder('is told');
    await recorder.request('alice', () => Promise.reject(new TypeError('lost'))).catch(() => {});
    await recorder.request('bob', async () => ({ status: 409 }));
    await recorder.request('carol', async () => ({ status: 200, body: { balance: 90 } }));
    void recorder.request('dora', async () => await new Promise<never>(() => {}));
    const { document } = openPage(pageOf(recorder.evidence()));

    const drawing = document.querySelector('figure svg');
    expect(textsOf(drawing, 'text.bad')).toEqual(['TypeError', '409']);
    expect(textsOf(drawing, '.cross')).toHaveLength(2);
    expect(textsOf(drawing, '.ring'), 'answers that are none of an error').toHaveLength(1);
    expect(textsOf(drawing, 'text')).toContain('200, balance 90');
    expect(textsOf(drawing, 'text')).toContain('no answer');
    expect(textsOf(document, 'figcaption')[0]).toContain(
      'dora asks, and hears nothing. The ledger is not asked for anything.',
    );
  });

  it('shares its lane with the next one of its client, unless that one comes before it is answered', async () => {
    const recorder = createRecorder('is asked for again');
    await recorder.request('alice', async () => {
      await recorder.request('alice', async () => ({ outcome: 'joined' }));
      return { outcome: 'started' };
    });
    await recorder.request('alice', async () => ({ outcome: 'replayed' }));
    const { document } = openPage(pageOf(recorder.evidence()));

    const texts = textsOf(document.querySelector('figure svg'), 'text');
    expect(texts.filter((text) => text === 'alice')).toHaveLength(2);
  });
});

function picture(after: Picture['after']): Picture {
  return { title: '99 · Many', story: 'Fifty at once.', before: after, after, facts };
}

function pageOf(evidence: Evidence): string {
  return renderPicture({
    title: '99 · One',
    story: 'What came of it.',
    after: { name: 'the solution', evidence: [evidence], claims: [] },
    facts,
  });
}

type Recorder = ReturnType<typeof createRecorder>;

async function endingsOf(record: (recorder: Recorder) => Promise<void>) {
  const recorder = createRecorder('ends');
  await record(recorder);
  const { document } = openPage(pageOf(recorder.evidence()));
  const words = /^(answer lost|failed|completed|ended too late|not ended)$/;
  return textsOf(document.querySelector('figure svg'), 'text').filter((text) => words.test(text));
}

async function failing(recorder: Recorder, number: number, before: () => void | Promise<void>) {
  const run = async () => {
    await before();
    throw new Error('No answer');
  };
  await recorder.attempt(attempt(number), run).catch(() => {});
}

function attempt(number: number) {
  return { activity: 'pay', attempt: number, workflowId: 'w', runId: 'r', worker: 'worker 1' };
}
