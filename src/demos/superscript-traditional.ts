import { TRADITIONAL_SCRIPT } from '#systems/superscript';
import { createRecorder, type Evidence, type Verdict } from '#testkit';
import type { ActOptions } from './superscript-acts.ts';
import { SCRIPT_SETTINGS } from './superscript-stage.ts';
import { whileRunning } from './while-running.ts';

/** The control: the script, without a workflow and without a key, over the whole list, twice. */
export async function playTraditional(options: ActOptions): Promise<Evidence> {
  const { stage, orderIds } = options;
  const recorder = createRecorder('A script that is run twice pays twice.');
  const lines: number[] = [];
  const said: string[] = [];
  for (const round of ['first time', 'second time']) {
    const { summary } = await recorder.request({ client: 'client 1', about: round }, () =>
      runOnce(options, round),
    );
    const effects = await stage.naive.effects();
    lines.push(effects.length);
    said.push(`${round}: ${summary}, and ${effects.length} lines in the ledger`);
    recorder.effects(effects);
  }
  recorder.verdict(verdictOf(lines, said, orderIds.length));
  return recorder.evidence();
}

async function runOnce({ stage, orderIds, onProgress }: ActOptions, round: string) {
  const before = (await stage.naive.effects()).length;
  let done = 0;
  const work = stage.scripts.run(TRADITIONAL_SCRIPT, orderIds, {
    env: { ...SCRIPT_SETTINGS, PAYMENT_LEDGER: stage.naive.path },
    timeoutMs: orderIds.length * MOST_MS_AN_ORDER,
    // Whoever presses Ctrl-C does not want to wait for it.
    graceMs: 500,
  });
  const { exitCode, stdout } = await whileRunning(work, async () => {
    const paid = (await stage.naive.effects())
      .slice(before)
      .filter(({ step }) => step === 'confirm');
    for (const { orderId } of paid.slice(done)) {
      done += 1;
      onProgress?.({ act: 'traditional', round, orderId, how: 'paid', done, of: orderIds.length });
    }
  });
  return { outcome: `exit ${exitCode}`, summary: summaryOf(stdout) };
}

const MOST_MS_AN_ORDER = 10_000;

/** Its own last words: it knows of no other run. */
function summaryOf(stdout: string): string {
  const [rate] = /Success rate: \d+%/.exec(stdout) ?? ['no success rate'];
  return rate;
}

/** Two steps an order make two lines. */
function verdictOf(lines: readonly number[], said: readonly string[], orders: number): Verdict {
  const [once = 0, twice = 0] = lines;
  const holds = once === 2 * orders && twice === 2 * once;
  return {
    holds,
    says: `THE CONTROL: ${once} lines in the ledger, then ${twice}: the second run has paid again`,
    details: said,
    problems: holds
      ? []
      : [`${once} lines, then ${twice}, instead of ${2 * orders} and ${4 * orders}`],
  };
}
