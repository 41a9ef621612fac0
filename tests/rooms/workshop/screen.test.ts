import { describe, expect, it } from 'vitest';
import { renderScreen } from '#workshop/screen';
import { claim, exercise, holding, scene, twoAttempts, viewOf, wide } from './screen-views.ts';

const savedAt = new Date(2026, 10, 22, 14, 2, 31);

describe('the screen of an exercise', () => {
  it('says what holds, what does not, what happened, and where to go on', async () => {
    const view = viewOf({ evidence: [await twoAttempts('written')] });

    expect(renderScreen(view, wide, { savedAt })).toBe(`\
  09 · The exactly-once myth                             ■■■■■■□□□□□□□□□ 10/25
  ────────────────────────────────────────────────────────────────────────────
  One workflow ID, one run, one history entry – and two deductions.

  ✓ ONE-SCHEDULED-EVENT   the history schedules the activity once            1
  ✓ ONE-COMPLETED-EVENT   the history completes it once                      1
  ✓ TWO-ATTEMPTS          its first answer was lost, so it ran twice         2
  ✓ BANK-CALLED-TWICE     the bank was asked twice                           2
  ✗ ONE-DEDUCTION         the bank wrote one entry                 2, wanted 1
  ✗ ANSWER-IS-90          the client hears balance 90            80, wanted 90

      attempt 1   ├──────╳ answer lost
      attempt 2             ├──────✓
      ledger          ◆ −10     ◆ −10           balance  100 → 90 → 80

  edit   my/09-exactly-once-myth/activities.ts:9     TODO: name this deduction
  test   exercises/09-exactly-once-myth/test.ts:16  (read it, don't change it)

  Saved 14:02:31 · checked in 1.4 s · 4th try          stuck? press h (1 of 3)
  h hint   d diff   r run   l list   n skip   x reset   p picture   ? all   q`);
  });

  it('tells whoever took a known wrong turn what it does, and draws nothing then', async () => {
    const afterItCloses = {
      ...exercise,
      number: 7,
      folder: '07-after-it-closes',
      title: 'After it closes',
      story: 'The same request comes again, a minute after the run has closed.',
      claims: ['FIRST-ANSWER', 'ONE-DEDUCTION', 'LATE-CLIENT-ANSWERED'],
    };
    const claims = [
      claim('FIRST-ANSWER', 'the first client hears 90', '90'),
      claim('ONE-DEDUCTION', 'the bank wrote one entry', '1'),
      claim('LATE-CLIENT-ANSWERED', 'the late client hears the same', 'error', '90'),
    ];
    const view = viewOf(
      { claims, durationMs: 1_300, evidence: [await twoAttempts('written')] },
      {
        exercise: afterItCloses,
        progress: { done: 6, of: 25 },
        tries: 2,
        edit: { place: 'my/07-after-it-closes/client.ts:3' },
        wrongTurn: {
          name: 'reject-only',
          must: ['LATE-CLIENT-ANSWERED'],
          may: [],
          says: 'nobody is charged twice now, but the late client gets an error for a fee that was taken. Who could fetch the answer of the first run?',
        },
      },
    );

    expect(renderScreen(view, wide, { savedAt })).toBe(`\
  07 · After it closes                                   ■■■■□□□□□□□□□□□  6/25
  ────────────────────────────────────────────────────────────────────────────
  The same request comes again, a minute after the run has closed.

  ✓ FIRST-ANSWER           the first client hears 90                        90
  ✓ ONE-DEDUCTION          the bank wrote one entry                          1
  ✗ LATE-CLIENT-ANSWERED   the late client hears the same     error, wanted 90

  A known wrong turn: nobody is charged twice now, but the late client gets an
  error for a fee that was taken. Who could fetch the answer of the first run?

  edit   my/07-after-it-closes/client.ts:3
  Saved 14:02:31 · checked in 1.3 s · 2nd try          stuck? press h (1 of 3)
  h hint   d diff   r run   l list   n skip   x reset   p picture   ? all   q`);
  });

  it('says after the last claim holds what was shown, asks for a sentence, and names the next one', async () => {
    const view = viewOf(
      { claims: [...scene, ...holding], evidence: [await twoAttempts('known')] },
      { progress: { done: 11, of: 25 } },
    );

    expect(renderScreen(view, wide, { savedAt })).toBe(`\
  09 · The exactly-once myth                             ■■■■■■■□□□□□□□□ 11/25
  ────────────────────────────────────────────────────────────────────────────
  ✓ all 6 claims hold                                         checked in 1.4 s

      attempt 1   ├──────╳ answer lost
      attempt 2             ├──────✓
      ledger          ◆ −10     ◇ key known     balance  100 → 90

  You have shown: Temporal ran the activity twice, and that was right. The key
  made the second time harmless. "Exactly once" is made by the receiver.

  Before you go on, say it in one sentence: why may the key not be a new UUID?
  compare   exercises/09-exactly-once-myth/solution/activities.ts    (press d)

  n next: 10 · Which key?   d compare   w try a wrong turn   p picture   q quit`);
  });

  it('says that it stopped early, where, and that it is no try', () => {
    const view = viewOf(
      {
        claims: [],
        stopped: {
          name: 'TypeError',
          message: "Right-hand side of 'instanceof' is not an object",
          place: 'my/15-child-ids/workflows.ts:5',
        },
      },
      {
        exercise: { ...exercise, number: 15, title: 'Children of the orchestrator' },
        progress: { done: 15, of: 25 },
        edit: { place: 'my/15-child-ids/workflows.ts:5' },
      },
    );

    expect(renderScreen(view, wide, { savedAt })).toBe(`\
  15 · Children of the orchestrator                      ■■■■■■■■■□□□□□□ 15/25
  ────────────────────────────────────────────────────────────────────────────
  ! Stopped before the first claim: your workflow code threw.

      TypeError: Right-hand side of 'instanceof' is not an object
      my/15-child-ids/workflows.ts:5

  Temporal would retry this workflow task for ever and your test would hang.
  The workshop makes it fail at once. This is not counted as a try.

  edit   my/15-child-ids/workflows.ts:5
  h hint   d diff   r run   l list   n skip   x reset   p picture   ? all   q`);
  });
});
