import { randomUUID } from 'node:crypto';
import pLimit from 'p-limit';
import { askAgain } from './again.ts';
import type { PolicyCell, PolicyQuestion } from './policies.ts';
import { lastRun, makePrior, type PolicyGround } from './prior.ts';

/**
 * Puts questions to a server, each under a workflow ID of its own, and answers with what it did: what is under the ID
 * is made first, then the ID is asked for once more, and then the runs are looked at.
 *
 * Trap: it starts workflows there, up to three runs for each question. They are closed by it, or within a minute by the
 * server.
 *
 * @returns a cell for each question, in their order
 * @throws {Error} what was to be there already could not be made, or a call has failed for another reason
 */
export async function executePolicies(
  ground: PolicyGround,
  questions: readonly PolicyQuestion[],
): Promise<readonly PolicyCell[]> {
  const inTurn = pLimit(AT_ONCE);
  const endings = await Promise.allSettled(
    questions.map((question) => inTurn(() => execute(ground, question))),
  );
  return endings.map((ending) => {
    if (ending.status === 'rejected') throw ending.reason;
    return ending.value;
  });
}

/** With eight it takes half as long again. */
const AT_ONCE = 30;

async function execute(ground: PolicyGround, question: PolicyQuestion): Promise<PolicyCell> {
  const { client } = ground;
  const workflowId = `POLICY-${randomUUID()}`;
  const before = await makePrior(ground, workflowId, question);
  const refusal = await askAgain(ground, workflowId, question);
  const now = await lastRun(client, workflowId);
  const isNew = now !== undefined && !before.runIds.includes(now.runId);
  if (refusal !== undefined && isNew) throw new Error(`"${workflowId}" was refused, and started`);

  const old =
    isNew && before.isOpen ? await lastRun(client, workflowId, before.runIds.at(-1)) : now;
  if (now?.status === 'RUNNING') await client.workflow.getHandle(workflowId).terminate();
  return {
    ...question,
    outcome: refusal ?? (isNew ? 'new' : 'existing'),
    oldTerminated: before.isOpen && old?.status === 'TERMINATED',
    runIds: isNew ? [...before.runIds, now.runId] : before.runIds,
  };
}
