/** Prints labels, and takes its time. */
export interface Carrier {
  print(orderId: string): Promise<string>;
}

export interface LabelStore {
  /** Refuses a write with a fence that is smaller than the one of an earlier write. */
  write(orderId: string, label: string, fence?: number): Promise<void>;
  read(orderId: string): Promise<string | undefined>;
}

export const createActivities = (carrier: Carrier, store: LabelStore) => ({
  /** Prints a label for an order, and keeps it where the warehouse finds it. */
  async printLabel(orderId: string): Promise<string> {
    const label = await carrier.print(orderId);
    await store.write(orderId, label, Date.now());
    return label;
  },
});
