import { randomUUID } from 'node:crypto';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import pLimit from 'p-limit';
import { table } from '../house/render/region.ts';
import { ASKINGS, type Asking } from './payloads-asked.ts';
import type { AtlasCell, AtlasTable } from './table.ts';
import { endRun, runTold, type ToldRuns } from './told.ts';

interface PayloadCell extends AtlasCell {
  readonly asked: string;
  readonly by: Asking['by'];
  readonly first: 'open' | 'closed';
  /** What asking again comes to: the payload whose answer it is, or the error. */
  readonly same: string;
  readonly other: string;
}

/** One ID for two payloads: who notices. */
export const payloads: AtlasTable<PayloadCell> = {
  name: 'payloads',
  title: 'Payloads: the same ID with another payload',
  async execute({ temporal }) {
    await using runs = await runTold(temporal);
    const inTurn = pLimit(AT_ONCE);
    const endings = await Promise.allSettled(
      Object.entries(ASKINGS).flatMap(([asked, asking]) =>
        asking.states.map((first) => inTurn(() => execute(runs, asked, asking, first))),
      ),
    );
    return endings.map((ending) => {
      if (ending.status === 'rejected') throw ending.reason;
      return ending.value;
    });
  },
  render: (cells) =>
    table(
      ['asked by', 'the first one is', 'same payload again', 'another payload', 'who notices'],
      cells.map(({ asked, by, first, same, other }) => [
        `\`${asked}\``,
        first,
        wordsOf(same),
        wordsOf(other),
        same === other ? 'nobody' : by === 'ours' ? 'ours' : by,
      ]),
    ),
};

const AT_ONCE = 20;
const [FIRST, OTHER] = ['first payload', 'other payload'];

async function execute(
  runs: ToldRuns,
  asked: string,
  { by, ask }: Asking,
  first: 'open' | 'closed',
): Promise<PayloadCell> {
  const workflowId = `PAYLOAD-${randomUUID()}`;
  const come = async (payload: string) => {
    try {
      return String(await ask(runs, workflowId, payload));
    } catch (error) {
      return nameOf(error);
    }
  };
  const answer = await come(FIRST);
  if (answer !== FIRST) throw new Error(`${asked}: the first one came to ${answer}`);
  const hasRun = asked !== 'performOnce, same key';
  if (hasRun && first === 'closed') await endRun(runs.client, workflowId);
  const [same, other] = [await come(FIRST), await come(OTHER)];
  const runIds = hasRun ? [(await endRun(runs.client, workflowId)).runId] : [];
  return { asked, by, first, same, other, runIds };
}

/** A refusal in an activity is the cause of the run's failure. */
function nameOf(error: unknown): string {
  let cause = error;
  while (cause instanceof WorkflowFailedError || isWrapped(cause)) cause = cause.cause;
  if (cause instanceof ApplicationFailure && cause.type) return cause.type;
  if (!(cause instanceof Error)) throw error;
  return cause.name;
}

function isWrapped(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ActivityFailure';
}

function wordsOf(came: string): string {
  if (came === FIRST) return "the first one's answer";
  return came === OTHER ? 'done anew' : `refused: \`${came}\``;
}
