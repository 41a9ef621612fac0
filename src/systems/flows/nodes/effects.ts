import type { EffectDeps } from '../effect-deps.ts';
import type { NodeName } from './names.ts';
import type { Effect } from './node.ts';
import { effect as notify_creator } from './notify_creator/effect.ts';
import { effect as send_message } from './send_message/effect.ts';
import { effect as webhook } from './webhook/effect.ts';

/** The effect of each node that has one. A house test holds this list to `WITH_EFFECT`, which the workflow reads. */
export const EFFECTS = { notify_creator, send_message, webhook } as const satisfies Readonly<
  Partial<Record<NodeName, (deps: EffectDeps) => Effect<never>>>
>;
