import type { WorkerInterceptors } from '@temporalio/worker';
import type { EffectInput } from '#systems/flows';
import { type Barrier, createBarrier, holdActivityUntilOpen } from '#testkit';

/** Steps whose effect is held back: which ones, the acts say while the worker runs. */
export interface FlowHolds {
  readonly interceptors: WorkerInterceptors;
  /** Holds this step of this flow until the gate opens. @returns settles when its worker is there */
  before(workflowId: string, step: string, gate: Barrier): Promise<void>;
}

export function createFlowHolds(): FlowHolds {
  const held = new Map<string, { readonly gate: Barrier; readonly reached: Barrier }>();
  return {
    interceptors: {
      activity: [
        ({ info }) => ({
          inbound: {
            async execute(input, next) {
              const { step } = input.args[0] as EffectInput;
              const hold = held.get(placeOf(info.workflowExecution?.workflowId ?? '', step));
              if (hold !== undefined) {
                hold.reached.arrive().catch(() => {});
                await holdActivityUntilOpen(hold.gate);
              }
              return await next(input);
            },
          },
        }),
      ],
    },
    before(workflowId, step, gate) {
      const reached = createBarrier(1);
      held.set(placeOf(workflowId, step), { gate, reached });
      return reached.opened;
    },
  };
}

/** One step of one flow, for whoever is to stand still there. */
export function placeOf(workflowId: string, step: string): string {
  return `${workflowId} ${step}`;
}
