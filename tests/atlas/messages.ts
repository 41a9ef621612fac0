import pLimit from 'p-limit';
import { table } from '../house/render/region.ts';
import { groupedBy } from './grouped.ts';
import { BY_OTHERS } from './messages-by-others.ts';
import { MESSAGES } from './messages-sent.ts';
import { type MessageCell, SECONDS, type Second, sendTwice } from './messages-twice.ts';
import type { AtlasTable } from './table.ts';
import { runTold, type ToldRuns } from './told.ts';

/** Whatever can be sent to a run, sent twice. */
export const messages: AtlasTable<MessageCell> = {
  name: 'messages',
  title: 'Messages: each of them sent twice',
  async execute({ temporal }) {
    await using runs = await runTold(temporal);
    const inTurn = pLimit(AT_ONCE);
    const endings = await Promise.allSettled(
      NAMES.flatMap((message) =>
        SECONDS.map((second) => inTurn(() => executeMessage(runs, message, second))),
      ),
    );
    return endings.map((ending) => {
      if (ending.status === 'rejected') throw ending.reason;
      return ending.value;
    });
  },
  render: (cells) =>
    `${table(
      ['message', ...SECONDS],
      groupedBy(cells, ({ message }) => message).map((ofMessage) => [
        ofMessage[0]?.message ?? '',
        ...ofMessage.map(wordsOf),
      ]),
    )}\n\n${NOTES}`,
};

const NOTES = `
A number is of both copies together, and behind it is the error of one that was refused. An effect is a line in a ledger
outside of the run; of a reset a run that it made, of a termination a run that it ended. No workflow ID
policy is written out, save \`USE_EXISTING\` where the SDK asks for one, in update with start; schedules are under the overlap
policy \`ALLOW_ALL\`. A cancellation that is caught is an effect, and not the end. A child is started again by a second
parent; after continue-as-new and after a reset by the same one, in its next run. Two triggers at once are in one second, by
which a schedule names its runs, and one after the other in two. Two backfills are of one day.
`.trim();

/** Sends one of them twice. */
export async function executeMessage(
  runs: ToldRuns,
  message: string,
  second: Second,
): Promise<MessageCell> {
  const byOthers = BY_OTHERS[message];
  return byOthers ? await byOthers(runs, second) : await sendTwice(runs, message, second);
}

const NAMES = [...Object.keys(MESSAGES), ...Object.keys(BY_OTHERS)];

/** Most of the time is the server's. */
const AT_ONCE = 30;

function wordsOf({ effects, refused, because }: MessageCell): string {
  if (because) return `n/a: ${because}`;
  return refused ? `${effects}, \`${refused}\`` : String(effects);
}
