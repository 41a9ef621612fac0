import { fingerprint } from '#idempotency';
import { InvalidFlowError } from './errors.ts';
import type { FlowInput } from './flow.ts';
import { checkFlow } from './flow-check.ts';
import type { FlowRequest } from './flows.ts';

/**
 * What a run is started with, by hand or by a schedule: alike, so that one joins what the other has started.
 *
 * @throws {InvalidFlowError}
 */
export function flowInput({
  tenant,
  definition: asked,
  input = {},
}: Omit<FlowRequest, 'name'>): FlowInput {
  const { definition, flaws } = checkFlow(asked);
  if (definition === undefined) throw new InvalidFlowError(flaws);
  const whose = tenant === undefined ? {} : { tenant };
  return { ...whose, definition, definition_hash: fingerprint(definition), input };
}
