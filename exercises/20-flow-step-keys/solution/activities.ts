interface Outbox {
  /** Sends once for a key. */
  send(node: string, step: string, options?: { key?: string }): Promise<void>;
}

/** The second visit of the step `remind` of a flow is a message. */
interface Visit {
  readonly flowId: string;
  readonly step: string;
  readonly node: string;
  readonly visit: number;
}

export const createActivities = (outbox: Outbox) => ({
  async carryOut(at: Visit): Promise<void> {
    await outbox.send(at.node, at.step, { key: `${at.flowId}/${at.step}/${at.visit}` });
  },
});
