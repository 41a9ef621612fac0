import type { ClaimMade } from '#exercises';
import type { Paint } from '#report';
import type { Evidence } from '#testkit';
import { createRecorder } from '#testkit/recorder';
import type { Exercise } from '#workshop/exercise';
import type { View } from '#workshop/learner/view';
import type { Look } from '#workshop/screen/look';

const asIs = (text: string) => text;
export const noColour: Paint = { good: asIs, bad: asIs, limit: asIs, title: asIs, faint: asIs };

/** Colours that can be read. */
export const readable: Paint = {
  good: (text) => `<good>${text}</good>`,
  bad: (text) => `<bad>${text}</bad>`,
  limit: (text) => `<limit>${text}</limit>`,
  title: (text) => `<title>${text}</title>`,
  faint: asIs,
};

export const wide: Look = { columns: 80, colour: noColour, unicode: true };

export const exercise: Exercise = {
  number: 9,
  slug: 'exactly-once-myth',
  folder: '09-exactly-once-myth',
  title: 'The exactly-once myth',
  story: 'One workflow ID, one run, one history entry – and two deductions.',
  minutes: 10,
  claims: [
    'ONE-SCHEDULED-EVENT',
    'ONE-COMPLETED-EVENT',
    'TWO-ATTEMPTS',
    'BANK-CALLED-TWICE',
    'ONE-DEDUCTION',
    'ANSWER-IS-90',
  ],
  scenery: [],
  starter: ['ONE-DEDUCTION', 'ANSWER-IS-90'],
  wrong: {
    catch: { must: ['ANSWER-IS-90'], may: [], says: 'You hid the fault.' },
  },
  hints: ['Where?', 'An idea.', 'A line with ___.'],
  lesson:
    'Temporal ran the activity twice, and that was right. The key made the second time harmless. "Exactly once" is made by the receiver.',
  question: 'why may the key not be a new UUID?',
  defeats: { belief: 'Activities run exactly once.', seen: 'A forum said so.' },
};

/** A claim that holds where nothing else is wanted. */
export function claim(code: string, says: string, got: string, wanted = got): ClaimMade {
  return { code, says, got, wanted, holds: got === wanted };
}

export const scene: readonly ClaimMade[] = [
  claim('ONE-SCHEDULED-EVENT', 'the history schedules the activity once', '1'),
  claim('ONE-COMPLETED-EVENT', 'the history completes it once', '1'),
  claim('TWO-ATTEMPTS', 'its first answer was lost, so it ran twice', '2'),
  claim('BANK-CALLED-TWICE', 'the bank was asked twice', '2'),
];

export const failing: readonly ClaimMade[] = [
  claim('ONE-DEDUCTION', 'the bank wrote one entry', '2', '1'),
  claim('ANSWER-IS-90', 'the client hears balance 90', '80', '90'),
];

export const holding: readonly ClaimMade[] = [
  claim('ONE-DEDUCTION', 'the bank wrote one entry', '1'),
  claim('ANSWER-IS-90', 'the client hears balance 90', '90'),
];

/** A view of the starter of the exercise, unless it is told otherwise. */
export function viewOf(judged: Partial<View['judgement']> = {}, rest: Partial<View> = {}): View {
  return {
    exercise,
    judgement: {
      exercise,
      variant: 'my',
      claims: [...scene, ...failing],
      notReached: [],
      printed: [],
      stopped: undefined,
      evidence: [],
      durationMs: 1_400,
      ...judged,
    },
    progress: { done: 10, of: 25 },
    tries: 4,
    hintsLeft: 3,
    streak: 1,
    next: { ...exercise, number: 10, slug: 'which-key', title: 'Which key?' },
    edit: {
      place: 'my/09-exactly-once-myth/activities.ts:9',
      todo: 'name this deduction',
    },
    test: { place: 'exercises/09-exactly-once-myth/test.ts:16' },
    notes: [],
    ...rest,
  };
}

/** Two attempts of one activity; the answer of the first one is lost, and the bank writes what it does not know. */
export async function twoAttempts(second: 'written' | 'known'): Promise<Evidence> {
  const recorder = createRecorder('two attempts');
  const attempt = (number: number, run: () => Promise<void>) =>
    recorder.attempt(
      { activity: 'deductFee', attempt: number, workflowId: 'fee-1', runId: 'a', worker: 'w' },
      run,
    );
  await recorder.request('alice', async () => {
    await attempt(1, async () => {
      recorder.ledger({ what: '−10', came: 'written', about: 'alice', left: 90 });
      throw new Error('No answer from the bank');
    }).catch(() => {});
    await attempt(2, async () => {
      recorder.ledger({
        what: '−10',
        came: second,
        about: 'alice',
        left: second === 'known' ? 90 : 80,
      });
    });
    return { outcome: '90' };
  });
  return recorder.evidence();
}
