import { proxyActivities } from '@temporalio/workflow';
import type { Flow } from './flow.ts';

interface Activities {
  carryOut(at: { flowId: string; step: string; node: string; visit: number }): Promise<void>;
}

const { carryOut } = proxyActivities<Activities>({ startToCloseTimeout: '10 seconds' });

/** Takes one step after the other; each visit of a step is an activity. */
export async function RunFlow(flowId: string, flow: Flow): Promise<void> {
  const visits: Record<string, number> = {};
  const goOn = async (step: string): Promise<void> => {
    const visit = (visits[step] ?? 0) + 1;
    visits[step] = visit;
    const { node, goTo } = flow.steps[step] ?? { node: 'none', goTo: [] };
    await carryOut({ flowId, step, node, visit });
    const next = goTo[visit - 1] ?? goTo.at(-1);
    if (next !== undefined) await goOn(next);
  };
  await goOn(flow.start);
}
