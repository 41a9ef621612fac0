import type { LabelStore } from '../solution/activities.ts';

/** The write came from somebody who was overtaken. Nothing was written. */
export class OvertakenError extends Error {
  override name = 'OvertakenError';
}

export interface LabelStoreOptions {
  /** Stands between a request to write and the store. */
  readonly onItsWay: (orderId: string) => Promise<void>;
  onWrite(orderId: string, label: string, came: 'written' | 'declined', fence?: number): void;
}

/** Where the warehouse finds its labels. It looks at the fence when a write arrives, and not when it was sent. */
export function createLabelStore({ onItsWay, onWrite }: LabelStoreOptions): LabelStore {
  const labels = new Map<string, string>();
  const fences = new Map<string, number>();
  return {
    read: async (orderId) => labels.get(orderId),
    async write(orderId, label, fence) {
      await onItsWay(orderId);
      const highest = fences.get(orderId) ?? -Infinity;
      if (fence !== undefined && fence < highest) {
        onWrite(orderId, label, 'declined', fence);
        throw new OvertakenError(`${fence} was overtaken by ${highest}`);
      }
      if (fence !== undefined) fences.set(orderId, fence);
      labels.set(orderId, label);
      onWrite(orderId, label, 'written', fence);
    },
  };
}
