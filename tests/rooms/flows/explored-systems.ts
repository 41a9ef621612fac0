import { flowWorkerOptions, naiveFlowWorkerOptions } from '#systems/flows';
import type { Scenario } from './explored-scenarios.ts';
import { type ExploredWorld, startFlow } from './explored-world.ts';

/** The flows of this world, for `explore`. */
export function durableIn(world: ExploredWorld) {
  return systemOf(world, flowWorkerOptions);
}

/** The same without keys. */
export function naiveIn(world: ExploredWorld) {
  return systemOf(world, naiveFlowWorkerOptions);
}

function systemOf<Options>(
  { deps, observe }: ExploredWorld,
  optionsOf: (asked: { taskQueue: string } & ExploredWorld['deps']) => Options,
) {
  return {
    start: startFlow,
    worker: ({ taskQueue }: { readonly taskQueue: string }) => optionsOf({ taskQueue, ...deps }),
    observe: ({ key, scenario }: { readonly key: string; readonly scenario: Scenario }) =>
      observe(key, scenario),
  };
}
