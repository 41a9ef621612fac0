import { isName } from '#idempotency/key';
import type { FlowInput } from './flow.ts';
import { type CheckedFlow, checkFlow, filledIn } from './flow-check.ts';

/** The first activity of a run. */
export interface StartChecks {
  /** Looks at what the run was started with. It touches nothing, so it may run as often as it likes. */
  check_flow(start: Partial<FlowInput> | null): Promise<CheckedFlow>;
}

/**
 * In an activity, and not in the workflow: schemas cost a run memory and time that it needs once, and what came of them
 * belongs into its history.
 */
export const START_CHECKS: StartChecks = {
  check_flow: async (start) => {
    const { definition, flaws } = checkStart(start ?? {});
    return definition === undefined
      ? { definition, flaws: flaws.slice(0, MOST_FLAWS) }
      : { definition: filledIn(definition), flaws: [] };
  },
};

/** The server takes no result of 2 MiB, and of one of 4 MiB it hears nothing: then the run would wait for it without end. */
const MOST_FLAWS = 100;

/** Of what an activity would stumble over again and again, too. */
function checkStart({ definition, input, tenant }: Partial<FlowInput>): CheckedFlow {
  const checked = checkFlow(definition);
  const isInput = typeof input === 'object' && input !== null && !Array.isArray(input);
  const flaws = [
    ...checked.flaws,
    ...(isInput ? [] : [{ message: 'input: has to be an object', path: ['input'] }]),
    ...(tenant === undefined || isName(tenant)
      ? []
      : [{ message: 'tenant: has to be a name', path: ['tenant'] }]),
  ];
  return flaws.length === 0 ? checked : { definition: undefined, flaws };
}
