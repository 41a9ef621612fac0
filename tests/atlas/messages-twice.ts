import { resetToStart } from '#testkit';
import { type Case, MESSAGES, type Message, newCase } from './messages-sent.ts';
import type { AtlasCell } from './table.ts';
import { endRun, type ToldRuns, toldOptions, turnPage } from './told.ts';

/** When the second one is sent. */
export const SECONDS = [
  'at once',
  'one after the other',
  'after the close',
  'after continue-as-new',
  'after a reset',
] as const;

export type Second = (typeof SECONDS)[number];

export interface MessageCell extends AtlasCell {
  readonly message: string;
  readonly second: Second;
  /** Of both together; none where the two cannot be. */
  readonly effects: number | 'n/a';
  readonly because?: string;
  /** How one of them was refused. */
  readonly refused: string | null;
}

/** Sends a message to a run twice, and counts what has come of both. */
export async function sendTwice(
  runs: ToldRuns,
  message: string,
  second: Second,
): Promise<MessageCell> {
  const at = newCase(runs);
  const how = MESSAGES[message];
  if (!how) throw new Error(`No message "${message}"`);
  const because = IMPOSSIBLE[`${message}, ${second}`];
  if (because) return { message, second, effects: 'n/a', because, refused: null };

  await makeRun(at, how);
  const send = () => how.send(at);
  const sent = await twice(send, second, async () => {
    await runs.untilDone(at.cell, how.lines);
    await BETWEEN[second](at);
  });
  await runs.untilDone(at.cell, how.lines);
  const last = await endRun(runs.client, at.workflowId);
  const lines = runs.lines(at.cell);
  return {
    message,
    second,
    effects: how.effects?.(sent.answers) ?? lines.length,
    refused: sent.refused,
    runIds: [...new Set([...lines.map(({ runId }) => runId), last.runId])],
  };
}

/** What lies between the two. */
export const BETWEEN: Readonly<Record<Second, (at: Case) => Promise<unknown>>> = {
  'at once': async () => {},
  'one after the other': async () => {},
  'after the close': ({ runs, workflowId }) => endRun(runs.client, workflowId),
  'after continue-as-new': ({ runs, workflowId }) => turnPage(runs.client, workflowId),
  'after a reset': ({ runs, workflowId }) => resetToStart(runs.client, workflowId),
};

/** @param between what is done before the second one, unless both go at once */
export async function twice(
  send: () => Promise<unknown>,
  second: Second,
  between: () => Promise<void>,
): Promise<{ readonly answers: readonly unknown[]; readonly refused: string | null }> {
  const endings =
    second === 'at once'
      ? await Promise.allSettled([send(), send()])
      : [
          ...(await Promise.allSettled([send()]).then((first) => between().then(() => first))),
          ...(await Promise.allSettled([send()])),
        ];
  const refusal = endings.find((ending) => ending.status === 'rejected');
  if (endings.every((ending) => ending.status === 'rejected')) throw refusal?.reason;
  return {
    answers: endings.flatMap((ending) => (ending.status === 'fulfilled' ? [ending.value] : [])),
    refused: refusal ? nameOf(refusal.reason) : null,
  };
}

const IMPOSSIBLE: Readonly<Record<string, string>> = {
  'terminate, after continue-as-new': 'what is terminated does not continue',
};

async function makeRun({ runs, workflowId, cell }: Case, { run }: Message): Promise<void> {
  if (run === 'starts it') return;
  const told = { cell, ...(run !== 'waits' && run !== undefined && { first: run }) };
  await runs.client.workflow.start('ToldWorkflow', toldOptions(runs, workflowId, told));
  if (run === 'act') await runs.untilDone(cell, 1);
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) throw error;
  return error.name;
}
