import type { Exercise } from './exercise.ts';
import type { Bench } from './learner/view.ts';
import { type Look, lookFor } from './screen/look.ts';
import { actOn } from './watch/actions.ts';
import { canvasOn } from './watch/canvas.ts';
import { type FolderSeams, type WatchedFolder, watchFolder } from './watch/folder.ts';
import { type Keyboard, untilQuit } from './watch/keys.ts';
import { type LoopState, renderLoop } from './watch/state.ts';
import { createTypeCheck, type TypeCheck } from './watch/types.ts';

export interface WatchOptions extends FolderSeams {
  readonly bench: Bench;
  readonly input: Keyboard;
  readonly output: NodeJS.WriteStream;
  /** Ends the loop as Ctrl-C does. */
  readonly signal?: AbortSignal | undefined;
  /** What the terminal can show now. */
  readonly look?: () => Look;
  readonly typeCheck?: TypeCheck;
  /** The time of day of a save. */
  readonly today?: () => Date;
}

/**
 * Judges what the learner saves, again after each save, and does what the keys say, until one of them says to end. It watches
 * the folder of the exercise and nothing else. The screen is drawn when something has changed, and the terminal is given
 * back as it was however the loop ends.
 *
 * @returns the exit code: 0 after `q`, 130 after Ctrl-C. A judgement may be on its way still: whoever made the bench ends it.
 */
export async function watch(options: WatchOptions): Promise<number> {
  const { input, output, signal } = options;
  const loop = startLoop(options);
  output.on('resize', loop.redraw);
  try {
    return await untilQuit({ input, signal, onKey: loop.press });
  } finally {
    output.off('resize', loop.redraw);
    loop.end();
  }
}

function startLoop(options: WatchOptions) {
  const { bench, output, look = () => lookFor(output), today = () => new Date() } = options;
  const typeCheck = options.typeCheck ?? createTypeCheck();
  const canvas = canvasOn(output);
  let state = fresh(bench.exercise());
  let over = false;
  let checking = new AbortController();

  const update = (patch: Partial<LoopState>) => {
    if (over) return;
    state = { ...state, ...patch };
    canvas.show(renderLoop(state, look()));
  };
  const judge = oneAtATime(async (isOutdated) => {
    const { slug } = bench.exercise();
    checking.abort();
    checking = new AbortController();
    update({ checking: true, failure: undefined });
    const judged = await judgedBy(bench);
    // The next one was opened meanwhile, and waits for its turn.
    if (over || slug !== bench.exercise().slug) return;
    update({ ...judged, checking: isOutdated(), typeErrors: [] });
    void checkTypes(checking.signal);
  });
  async function checkTypes(signal: AbortSignal): Promise<void> {
    const typeErrors = await typeCheck(bench.folder(), signal);
    if (!signal.aborted) update({ typeErrors });
  }
  function open(): WatchedFolder {
    const onSave = () => {
      update({ savedAt: today(), ...SAYS_NOTHING });
      judge();
    };
    const onPolling = () => update({ said: POLLING });
    return watchFolder(bench.folder(), { onSave, onPolling }, options);
  }

  let folder = open();
  judge();
  return {
    redraw() {
      canvas.forget();
      update({});
    },
    end() {
      over = true;
      checking.abort();
      folder[Symbol.dispose]();
      canvas.end();
    },
    press: actOn({
      bench,
      state: () => state,
      look,
      update,
      judge,
      moved() {
        if (bench.exercise().slug === state.exercise.slug) return folder.look() && judge();
        folder[Symbol.dispose]();
        folder = open();
        state = { ...fresh(bench.exercise()), ...(state.said && { said: state.said }) };
        judge();
      },
    }),
  };
}

const POLLING =
  'No event has come for a save: this file system has none. The folder is looked at every second instead.';
const SAYS_NOTHING = { said: undefined, page: undefined, asking: undefined };

function fresh(exercise: Exercise): LoopState {
  return { exercise, checking: false, typeErrors: [] };
}

async function judgedBy(bench: Bench): Promise<Pick<LoopState, 'view' | 'failure'>> {
  try {
    return { view: await bench.judge(), failure: undefined };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

/** Who asks while it runs is answered by one more run after it, however many have asked. The run is told of it. */
function oneAtATime(run: (isOutdated: () => boolean) => Promise<void>): () => void {
  let running = false;
  let again = false;
  return function ask() {
    again = running;
    if (running) return;
    running = true;
    void run(() => again).finally(() => {
      running = false;
      if (again) ask();
    });
  };
}
