import { wait as branch } from './branch/wait.ts';
import { wait as explicit_wait } from './explicit_wait/wait.ts';
import type { NodeName } from './names.ts';
import type { Wait } from './node.ts';
import { wait as notify_creator } from './notify_creator/wait.ts';
import { wait as wait_answer } from './wait_answer/wait.ts';

// Replayed with the workflow: no clock, no randomness, nothing of Node.

/** The replayed phase of each node that has one. */
export const WAITS: Readonly<Partial<Record<NodeName, Wait<never>>>> = {
  branch,
  explicit_wait,
  notify_creator,
  wait_answer,
};
