import type { NodeContext, StepResult, Wait } from '../node.ts';
import type { Config } from './schema.ts';

/** Waits for nothing, and finds the answer that came last. */
export const wait: Wait<Config> = async (_config, context) => {
  const answer = answerIn(context);
  return { event: 'condition_satisfied', output: answer === undefined ? {} : { answer } };
};

/** What was visited long ago is in no order any more, and told where nothing newer is known. */
function answerIn({ results, visited }: NodeContext): unknown {
  const inOrder = visited.map(({ step }) => results[step]);
  return [...Object.values(results), ...inOrder].map(payloadOf).findLast(isThere);
}

function payloadOf(result: StepResult | undefined): unknown {
  return result?.output.payload;
}

function isThere(payload: unknown): boolean {
  return payload !== undefined && payload !== null;
}
