import { EffectUnreadableError } from '../errors.ts';
import { type Finding, isSuccess, judge, notTestable, told } from '../findings.ts';
import type { Probe } from '../probe.ts';
import { type Experiment, isSpent } from './experiment.ts';

/** Whether the endpoint has outlived the check. */
export const lastRequest: Experiment = {
  rules: ['D99'],
  isQuick: true,
  run: async (probe) => ({ D99: await freshRequest(probe) }),
};

async function freshRequest(probe: Probe): Promise<Finding> {
  const key = probe.newKey();
  const { value: answer, effects } = await probe
    .during(() => probe.ask({ key }))
    .catch(async (error: unknown) => {
      if (!(error instanceof EffectUnreadableError)) throw error;
      // A server that is gone shows no balance either, and is not alive for that.
      return { value: await probe.ask({ key }), effects: undefined };
    });
  if (!isSuccess(answer) && (await isSpent(probe, 1))) return notTestable('the money is spent');
  return judge({
    seen: told(answer),
    flaws: [!isSuccess(answer) && `a fresh request was answered ${told(answer)}`],
    effects: { seen: effects, wanted: 1 },
    byAnswers: true,
  });
}
