import type { Progress } from '#temporal';

/** What this room reports to whoever runs it; the room itself writes nowhere. */
export type InventoryProgress = Progress<'sale' | 'supplier-order' | 'delivery'>;

export type OnInventoryProgress = (progress: InventoryProgress) => void;
