import { setTimeout as wait } from 'node:timers/promises';
import { type Finding, isSuccess, judge, tally, told } from '../findings.ts';
import type { Probe } from '../probe.ts';
import type { Answer } from '../wire/answer.ts';
import type { Experiment } from './experiment.ts';

/** Clients that leave, that cannot wait, and that are slow. Each retries until it has an answer. */
export const CLIENTS: readonly Experiment[] = [
  { rules: ['A15'], run: async (probe) => ({ A15: await gone(probe, [0, 5, 25], 'whole') }) },
  { rules: ['A16'], run: async (probe) => ({ A16: await gone(probe, [0, 5], 'half') }) },
  { rules: ['A17'], run: async (probe) => ({ A17: await impatient(probe) }) },
  { rules: ['D07'], run: async (probe) => ({ D07: await slowBody(probe) }) },
];

/** One client for each of these times that it stays after it has sent its request, or half of its body. */
async function gone(
  probe: Probe,
  staysMs: readonly number[],
  sent: 'whole' | 'half',
): Promise<Finding> {
  const task = async () => {
    const answers: Answer[] = [];
    for (const stayMs of staysMs) {
      const key = probe.newKey();
      await askAndLeave(probe, key, stayMs, sent);
      if (sent === 'half') await wait(NOTICED_MS, undefined, { signal: probe.settings.signal });
      answers.push(await probe.askUntilDone({ key }));
    }
    return answers;
  };
  const { value: answers, effects } = await probe.during(task, { settle: true });
  return judge({
    seen: `${staysMs.length} clients left and came back: ${tally(answers)}`,
    flaws: [!answers.every(isSuccess) && `a retry was answered ${tally(answers)}`],
    effects: { seen: effects, wanted: staysMs.length },
  });
}

/** How long an endpoint may take to notice that the rest of a body does not come: only then can it do something wrong. */
const NOTICED_MS = 100;

/** However many of its requests arrive, and whether they are answered: nobody reads the answers. */
async function impatient(probe: Probe): Promise<Finding> {
  const key = probe.newKey();
  const task = async () => {
    for (const timeoutMs of [2, 5, 10, 20]) await askAndLeave(probe, key, timeoutMs, 'whole');
    return await probe.askUntilDone({ key });
  };
  const { value: answer, effects } = await probe.during(task, { settle: true });
  return judge({
    seen: `gave up four times, and was then answered ${told(answer)}`,
    flaws: [!isSuccess(answer) && `the last try was answered ${told(answer)}`],
    effects: { seen: effects, wanted: 1 },
  });
}

async function askAndLeave(
  probe: Probe,
  key: string,
  stayMs: number,
  sent: 'whole' | 'half',
): Promise<void> {
  using connection = await probe.connect();
  const { head, body } = probe.bytes({ key });
  const part = sent === 'whole' ? body : body.subarray(0, Math.floor(body.length / 2));
  await connection.send(Buffer.concat([head, part]));
  if (stayMs > 0) await wait(stayMs, undefined, { signal: probe.settings.signal });
}

async function slowBody(probe: Probe): Promise<Finding> {
  const key = probe.newKey();
  const task = async () => {
    using connection = await probe.connect();
    const { head, body } = probe.bytes({ key });
    const half = Math.floor(body.length / 2);
    await connection.send(Buffer.concat([head, body.subarray(0, half)]));
    const meanwhile = await probe.ask({ key: probe.newKey() });
    await connection.send(body.subarray(half));
    const slow = probe.note(await connection.answer(), { key });
    return { meanwhile, slow, retry: await probe.askUntilDone({ key }) };
  };
  const { value, effects } = await probe.during(task);
  const { meanwhile, slow, retry } = value;
  return judge({
    seen: `${told(slow)}, and ${told(meanwhile)} for another client meanwhile`,
    flaws: [
      !isSuccess(meanwhile) && `another client was answered ${told(meanwhile)} meanwhile`,
      !isSuccess(slow) && slow.status !== 408 && `the slow client was answered ${told(slow)}`,
      !isSuccess(retry) && `its retry was answered ${told(retry)}`,
    ],
    effects: { seen: effects, wanted: 2 },
    byAnswers: probe.facts.answersTell,
  });
}
