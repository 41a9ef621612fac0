import type { z } from 'zod';
import { schema as branch } from './branch/schema.ts';
import { schema as explicit_wait } from './explicit_wait/schema.ts';
import type { NodeName } from './names.ts';
import { schema as notify_creator } from './notify_creator/schema.ts';
import { schema as send_message } from './send_message/schema.ts';
import { schema as wait_answer } from './wait_answer/schema.ts';
import { schema as webhook } from './webhook/schema.ts';

/** What the config of each node has to be. Every node that there is has one. */
export const SCHEMAS = {
  branch,
  explicit_wait,
  notify_creator,
  send_message,
  wait_answer,
  webhook,
} as const satisfies Readonly<Record<NodeName, z.ZodType>>;
