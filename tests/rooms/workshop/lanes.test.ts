import { describe, expect, it } from 'vitest';
import { createRecorder, type Recorder } from '#testkit/recorder';
import { lanes } from '#workshop/screen/lanes';
import { readable, twoAttempts, wide } from './screen-views.ts';

describe('the drawing of what has happened', () => {
  it('has a lane for each attempt, and the ledger with its balance below', async () => {
    const drawing = lanes(await twoAttempts('written'), wide);

    expect(drawing.join('\n')).toBe(`\
attempt 1   ├──────╳ answer lost
attempt 2             ├──────✓
ledger          ◆ −10     ◆ −10           balance  100 → 90 → 80`);
  });

  it('tells a known key from a second entry', async () => {
    const [, , ledger] = lanes(await twoAttempts('known'), wide);

    expect(ledger).toBe('ledger          ◆ −10     ◇ key known     balance  100 → 90');
  });

  it('is of plain signs in ASCII', async () => {
    const drawing = lanes(await twoAttempts('written'), { ...wide, unicode: false }).join('\n');

    expect(drawing).toBe(`\
attempt 1   |------x answer lost
attempt 2             |------o
ledger          * -10     * -10           balance  100 -> 90 -> 80`);
  });

  it('paints what was lost red and what came back green, without moving anything', async () => {
    const evidence = await twoAttempts('known');
    const painted = lanes(evidence, { ...wide, colour: readable });

    expect(painted[0]).toBe('attempt 1   ├──────<bad>╳ answer lost</bad>');
    expect(painted[1]).toContain('──<good>✓</good>');
    expect(painted.map((line) => line.replaceAll(/<[^>]+>/g, ''))).toEqual(lanes(evidence, wide));
  });

  it('shows the clients where no attempt was a second one', async () => {
    const recorder = createRecorder('two clients');
    await recorder.request('alice', async () => {
      pay(recorder, 90);
      return { status: 200 };
    });
    await recorder
      .request('alice again', async () => {
        throw Object.assign(new Error(), { name: 'WorkflowExecutionAlreadyStartedError' });
      })
      .catch(() => {});
    await recorder.request('bob', async () => ({ status: 409 }));

    expect(lanes(recorder.evidence(), wide).join('\n')).toBe(`\
alice         ├──────✓ 200
alice again             ├──────╳ WorkflowExecutionAlreadyStart…
bob                               ├──────╳ 409
ledger            ◆ −10                     balance  100 → 90`);
  });

  it('tells a lost answer from a request that came nowhere', async () => {
    const recorder = createRecorder('two lost requests');
    const lost = (client: string, reaches: () => void) =>
      recorder
        .request(client, async () => {
          reaches();
          throw new TypeError('fetch failed');
        })
        .catch(() => {});
    await lost('alice', () => pay(recorder, 90));
    await lost('bob', () => {});

    const [alice, bob] = lanes(recorder.evidence(), wide);
    expect(alice).toMatch(/╳ answer lost$/);
    expect(bob).toMatch(/╳ no answer$/);
  });

  it('leaves open what has not come back', async () => {
    const recorder = createRecorder('a client that waits');
    const answer = new Promise<{ status: number }>(() => {});
    void recorder.request('alice', () => answer);
    pay(recorder, 90);

    expect(lanes(recorder.evidence(), wide)[0]).toMatch(/^alice +├─+…$/);
  });

  it('is six lines high at most, and says how many it leaves out', async () => {
    const recorder = createRecorder('twelve clients');
    for (let client = 1; client <= 12; client++) {
      await recorder.request(`client ${client}`, async () => {
        pay(recorder, 100 - 10 * client);
        return { outcome: '90' };
      });
    }
    const drawing = lanes(recorder.evidence(), wide);

    expect(drawing).toHaveLength(6);
    expect(drawing[4], 'the line of those that are not drawn').toBe(`… and ${12 - 4} more`);
    expect(drawing[5]).toMatch(/^ledger/);
  });

  it.each([40, 56, 76, 116])('fits into %i columns, however much has happened', async (columns) => {
    const recorder = createRecorder('many');
    for (let client = 1; client <= 20; client++) {
      await recorder.request(`a client with a long name ${client}`, async () => {
        pay(recorder, 100 - client);
        return { outcome: 'an answer that is longer than it should be' };
      });
    }
    const drawing = lanes(recorder.evidence(), { ...wide, columns });

    expect(Math.max(...drawing.map((line) => line.length))).toBeLessThanOrEqual(columns);
  });

  it('names the run and the activity where there are several of them', async () => {
    const recorder = createRecorder('two runs');
    for (const [runId, activity, attempt] of [
      ['a', 'reserve', 1],
      ['a', 'charge', 1],
      ['b', 'charge', 2],
    ] as const) {
      const of = { activity, attempt, workflowId: 'order-1', runId, worker: 'w' };
      await recorder.attempt(of, async () => {});
    }

    expect(lanes(recorder.evidence(), wide).map((line) => line.split('├')[0]?.trim())).toEqual([
      'run 1, reserve 1',
      'run 1, charge 1',
      'run 2, charge 2',
    ]);
  });

  it('has a ledger for each of two accounts, and no balance that would be of both', async () => {
    const recorder = createRecorder('two accounts');
    pay(recorder, 90, 'alice');
    pay(recorder, 40, 'bob');

    const drawing = lanes(recorder.evidence(), wide);
    expect(drawing).toEqual(['ledger alice   ◆ −10', 'ledger bob        ◆ −10']);
  });

  it('is no line where nothing was recorded', () => {
    expect(lanes(createRecorder('nothing').evidence(), wide)).toEqual([]);
  });
});

function pay(recorder: Recorder, left: number, about = 'alice'): void {
  recorder.ledger({ what: '−10', came: 'written', about, left });
}
