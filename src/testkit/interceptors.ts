import type { WorkerInterceptors } from '@temporalio/worker';

/**
 * Puts interceptors around one another, the first ones outermost.
 *
 * Put the recorder before the faults, and it notes what the server is told.
 */
export function joinInterceptors(...layers: readonly WorkerInterceptors[]): WorkerInterceptors {
  const all = <Kind extends 'activity' | 'nexus' | 'workflowModules'>(kind: Kind) =>
    layers.flatMap(
      (layer) => (layer[kind] ?? []) as NonNullable<WorkerInterceptors[Kind]>[number][],
    );
  return {
    activity: all('activity'),
    nexus: all('nexus'),
    workflowModules: all('workflowModules'),
  };
}
