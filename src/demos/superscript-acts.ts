import type { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import type { Evidence } from '#testkit';
import type { SuperscriptStage } from './superscript-stage.ts';

/** The acts of the demo, in their order: each can be played alone. */
export const SUPERSCRIPT_ACTS = [
  {
    name: 'traditional',
    says: 'the script on its own, over the whole list, twice: each time it pays',
  },
  {
    name: 'single',
    says: 'one order, asked for five times at once: one run, one payment',
  },
  {
    name: 'orchestrator',
    says: 'the whole list as a batch, and on the next day again: what is paid is joined',
  },
] as const;

export type SuperscriptActName = (typeof SUPERSCRIPT_ACTS)[number]['name'];

/** What an act needs. */
export interface ActOptions {
  readonly stage: SuperscriptStage;
  /** As they stand in the list, duplicates included. */
  readonly orderIds: readonly string[];
  /** Only `traditional` does without. */
  readonly temporal?: ActServer | undefined;
  readonly onProgress?: ((progress: SuperscriptProgress) => void) | undefined;
  /** Half an act has no verdict: the demo fails with its reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface ActServer {
  readonly client: Client;
  readonly nativeConnection: NativeConnection;
}

/** One more order of an act is decided. */
export interface SuperscriptProgress {
  readonly act: SuperscriptActName;
  /** Which of its rounds: `first time`, a date. */
  readonly round: string;
  readonly orderId: string;
  /** `done (joined)`, … */
  readonly how: string;
  readonly done: number;
  readonly of: number;
}

/** @returns what it found, with its verdict */
export type Act = (options: ActOptions) => Promise<Evidence>;
