import { isGood } from '../judgement.ts';
import type { Bench, View } from '../learner/view.ts';
import type { Look } from '../screen/look.ts';
import { type LoopState, saying, turned } from './state.ts';

/** What keys may do to the loop. */
export interface Hands {
  readonly bench: Bench;
  state(): LoopState;
  look(): Look;
  update(patch: Partial<LoopState>): void;
  judge(): void;
  /** Another exercise was opened, or files were put into this one. */
  moved(): void;
}

/** Gives what to do with a key. One after the other: what a key means depends on what the one before it has come to. */
export function actOn(hands: Hands): (key: string) => void {
  let last = Promise.resolve();
  const act = async (key: string) => {
    try {
      await actionFor(key, hands)?.();
    } catch (error) {
      hands.update({ said: error instanceof Error ? error.message : String(error) });
    }
  };
  return (key) => {
    const before = last;
    last = (async () => {
      await before;
      await act(key);
    })();
  };
}

type Action = () => Promise<void>;

function actionFor(key: string, hands: Hands): Action | undefined {
  const { page, asking } = hands.state();
  if (page)
    return async () =>
      hands.update({ page: key === 'escape' ? undefined : turned(page, hands.look()) });
  if (asking === 'reset') return () => answerReset(key, hands);
  return ACTIONS[key] && (() => ACTIONS[key]?.(hands) ?? Promise.resolve());
}

const ACTIONS: Readonly<Record<string, (hands: Hands) => Promise<void>>> = {
  async h({ bench, state, update }) {
    update(saying(await bench.hint()));
    const { view } = state();
    if (view) update({ view: { ...view, hintsLeft: Math.max(0, view.hintsLeft - 1) } });
  },
  d: ({ bench, update }) => tell(bench.diff(), update),
  s: ({ bench, update }) => tell(bench.solution(), update),
  l: ({ bench, update }) => tell(bench.list(), update),
  p: ({ bench, update }) => tell(bench.picture(), update),
  async r({ update, judge }) {
    update({ said: undefined, savedAt: undefined });
    judge();
  },
  async n({ bench, update, moved }) {
    await tell(bench.next(), update);
    moved();
  },
  async w({ bench, update, moved }) {
    await tell(bench.wrong(), update);
    moved();
  },
  async u({ bench, update, moved }) {
    await tell(bench.undo(), update);
    moved();
  },
  async x({ bench, update }) {
    const { folder } = bench.exercise();
    update({
      asking: 'reset',
      said: `Put the starter back into my/${folder}? Your files are kept in my/.kept. y or n`,
    });
  },
  async '?'({ state, update }) {
    update(saying(helpFor(state().view)));
  },
};

async function answerReset(key: string, { bench, update, moved }: Hands): Promise<void> {
  update({ asking: undefined, said: 'Nothing was changed.' });
  if (key !== 'y') return;
  await tell(bench.reset(), update);
  moved();
}

async function tell(text: Promise<string>, update: Hands['update']): Promise<void> {
  update(saying(await text));
}

function helpFor(view: View | undefined): string {
  const next =
    view && isGood(view.judgement)
      ? 'the next exercise'
      : 'on to the next one; this one counts as skipped';
  return [
    'h  a hint: where to look, then the idea, then the line',
    'd  your files beside the solution',
    's  the solution; it is noted that you have compared first',
    'r  judge again',
    'l  all exercises, and how far you are',
    `n  ${next}`,
    'w  a wrong turn in place of your files: see what it breaks',
    'x  the starter again; your files are kept',
    'u  back again, what was put away last',
    'p  the picture of what has happened, as a page for the browser',
    'q  end; Ctrl-C does as well',
  ].join('\n');
}
