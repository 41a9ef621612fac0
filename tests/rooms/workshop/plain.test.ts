import { describe, expect, it } from 'vitest';
import { renderPlain } from '#workshop/commands/plain';
import { holding, scene, viewOf } from './screen-views.ts';

describe('a judgement in plain lines', () => {
  it('has one fact a line, what failed last, and no colour and no boxes', () => {
    const view = viewOf(
      { durationMs: 1_400 },
      {
        progress: { done: 10, of: 25 },
        edit: { place: 'my/09-exactly-once-myth/activities.ts:2' },
        hintsLeft: 3,
        notes: [],
      },
    );

    expect(renderPlain(view)).toBe(
      `exercise 9 of 25: exactly-once-myth. 10 done.
PASS ONE-SCHEDULED-EVENT: the history schedules the activity once. Got 1.
PASS ONE-COMPLETED-EVENT: the history completes it once. Got 1.
PASS TWO-ATTEMPTS: its first answer was lost, so it ran twice. Got 2.
PASS BANK-CALLED-TWICE: the bank was asked twice. Got 2.
FAIL ONE-DEDUCTION: the bank wrote one entry. Got 2, wanted 1.
FAIL ANSWER-IS-90: the client hears balance 90. Got 80, wanted 90.
RESULT failed, 4 pass, 2 fail, 1.4 seconds.
EDIT my/09-exactly-once-myth/activities.ts line 2.
HINTS 3 left. Type: npm run workshop -- hint`,
    );
  });

  it('says what was shown, and where to go on, when all claims hold', () => {
    const text = renderPlain(viewOf({ claims: [...scene, ...holding] }, { notes: [] }));

    expect(text).toContain('RESULT passed, 6 pass, 0 fail');
    expect(text).toMatch(/^SHOWN Temporal ran the activity twice/m);
    expect(text).toMatch(/^COMPARE .*\. Type: npm run workshop -- diff$/m);
    expect(text).not.toContain('HINTS');
  });

  it('says in one line what stopped it, and that it was no try', () => {
    const stopped = { name: 'TypeError', message: 'no\n  such thing', place: 'my/a/b.ts:5' };
    const text = renderPlain(viewOf({ claims: [], stopped }, { notes: [] }));

    expect(text).toContain('STOPPED TypeError: no / such thing. At my/a/b.ts line 5.');
    expect(text).toContain('RESULT stopped, no try, 0 pass, 0 fail');
  });
});
