import type { Progress } from '#temporal';

/** What this room reports to whoever runs it; the room itself writes nowhere. */
export type FlowProgress = Progress<'message' | 'notification' | 'webhook'>;

export type OnFlowProgress = (progress: FlowProgress) => void;
