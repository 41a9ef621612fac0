import type { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import type { Flows } from '#systems/flows';
import type { Evidence, Verdict } from '#testkit';
import type { FlowHolds } from './flows-holds.ts';
import type { FlowStage } from './flows-stage.ts';
import type { WalkedFlow } from './flows-walked.ts';

/** The acts of the demo, in their order: each can be played alone. */
export const FLOW_ACTS = [
  {
    name: 'two-ways',
    says: 'with an answer, and without one: two ways through one flow',
  },
  {
    name: 'killed',
    says: 'a worker is killed in the middle, and another one goes on',
  },
  {
    name: 'signals',
    says: 'an answer that comes twice, too late, and after the end',
  },
  {
    name: 'five-times',
    says: 'started five times at once, and again when it is over',
  },
] as const;

export type FlowActName = (typeof FLOW_ACTS)[number]['name'];

/** A server of the demo's own. */
export interface FlowServer {
  readonly client: Client;
  readonly nativeConnection: NativeConnection;
  readonly address: string;
}

/** What an act needs. */
export interface FlowActOptions {
  readonly stage: FlowStage;
  readonly temporal: FlowServer;
  /** Worked on by a worker in this process. */
  readonly flows: Flows;
  /** Where that worker stands still. */
  readonly holds: FlowHolds;
}

/** How the flow goes, with an answer and without one. */
export interface TwoWays {
  readonly answered: WalkedFlow;
  readonly silent: WalkedFlow;
}

/** What an act has come to. */
export interface FoundFlowAct extends Evidence {
  readonly name: FlowActName;
  /** Of the same without keys. */
  readonly control?: Verdict;
}

/** An act, and the flows with keys that it has left behind. */
export interface PlayedFlowAct {
  readonly found: FoundFlowAct;
  readonly walked: readonly WalkedFlow[];
}
