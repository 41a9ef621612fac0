import { createPayments } from '#systems/superscript';
import { concurrently, createRecorder, type Evidence, overlap, type Verdict } from '#testkit';
import type { ActOptions } from './superscript-acts.ts';
import { openBackstage } from './superscript-worker.ts';

const CLIENTS = 5;

/** One order, asked for by five clients at once: its script starts when all five have a run. */
export async function playSingle(options: ActOptions): Promise<Evidence> {
  const { stage, orderIds, onProgress } = options;
  const [orderId = ''] = orderIds;
  const recorder = createRecorder('However often it is asked for, an order is paid once.');
  const gate = recorder.gate(`order ${orderId}`, CLIENTS);
  await using backstage = await openBackstage(options, recorder, gate);
  const payments = createPayments(backstage);
  let done = 0;

  await concurrently(CLIENTS, async ({ name, barrier }) => {
    await barrier.arrive();
    const ask = async () => {
      const { outcome, runId, result } = await payments.start({ orderId });
      gate.arrive().catch(() => {});
      return { outcome, runId, result: await result() };
    };
    const { outcome } = await recorder
      .request({ client: name, about: orderId }, ask)
      .catch((error: unknown) => {
        gate.break(error);
        throw error;
      });
    done += 1;
    const how = `answered (${outcome})`;
    onProgress?.({ act: 'single', round: name, orderId, how, done, of: CLIENTS });
  });
  recorder.effects(await stage.safe.effects());
  recorder.verdict(verdictOf(recorder.evidence(), orderId));
  return recorder.evidence();
}

function verdictOf(evidence: Evidence, orderId: string): Verdict {
  const { requests, attempts, effects } = evidence;
  const runIds = new Set(requests.map(({ runId }) => runId));
  const answers = new Set(requests.map(({ answer }) => resultIn(answer)));
  const together = overlap(evidence);
  const keys = effects.map(({ key }) => key).toSorted();
  const problems = [
    ...(runIds.size === 1 ? [] : [`${runIds.size} runs instead of 1`]),
    ...(answers.size === 1 ? [] : [`${answers.size} distinct answers instead of 1`]),
    ...(together === CLIENTS ? [] : [`${together} of ${CLIENTS} requests overlapped`]),
    ...(keys.join() === `${orderId}/collect,${orderId}/confirm`
      ? []
      : [`the ledger has ${keys.join(', ') || 'nothing'} instead of one line a step`]),
  ];
  return {
    holds: problems.length === 0,
    says: `${requests.length} requests in flight at one instant, ${runIds.size} run, ${attempts.length} activity attempts, ${effects.length} lines in the ledger`,
    details: [
      `order   ${orderId}`,
      `run ID  ${[...runIds].join(', ')}`,
      ...effects.map(({ key, by }) => `ledger  ${key}, by ${by}`),
    ],
    problems,
  };
}

function resultIn(answer: unknown): string {
  return JSON.stringify((answer as { readonly result?: unknown }).result);
}
