import { type Finding, isSuccess, judge, notTestable, told } from '../findings.ts';
import type { Probe } from '../probe.ts';
import type { Experiment } from './experiment.ts';

/** Whether the endpoint has outlived the check. */
export const lastRequest: Experiment = {
  rules: ['D99'],
  isQuick: true,
  run: async (probe) => ({ D99: await freshRequest(probe) }),
};

async function freshRequest(probe: Probe): Promise<Finding> {
  const { value: answer, effects } = await probe.during(() => probe.ask({ key: probe.newKey() }));
  if (!isSuccess(answer) && (await isSpent(probe))) return notTestable('the money is spent');
  return judge({
    seen: told(answer),
    flaws: [!isSuccess(answer) && `a fresh request was answered ${told(answer)}`],
    effects: { seen: effects, wanted: 1 },
    byAnswers: true,
  });
}

async function isSpent({ reader, settings }: Probe): Promise<boolean> {
  if (reader?.by !== 'balance' || settings.amount === undefined) return false;
  return (await reader.read()) < settings.amount.value;
}
