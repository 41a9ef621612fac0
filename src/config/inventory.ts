import { z } from 'zod';
import { serviceUrl } from './service-url.ts';
import { type Variable, variable } from './variable.ts';

/** Where the orders of `inventory` are worked on, and whom they ask for more. */
export const OF_INVENTORY = {
  INVENTORY_TASK_QUEUE: variable(
    'inventoryTaskQueue',
    z.string().min(1).default('inventory-task-queue'),
    'Task queue of the inventory workflow and its worker.',
  ),
  SUPPLIER_URL: variable(
    'supplierUrl',
    serviceUrl(),
    'The supplier that is asked for more goods: `POST <URL>/supplier/orders`, with an `Idempotency-Key`. Without it `serve` runs a supplier of its own, and `worker` sells nothing.',
    'https://supplier.example',
  ),
  SUPPLIER_TOKEN: variable(
    'supplierToken',
    z.string().min(1).optional(),
    'Bearer token that the supplier knows us by.',
    'what-the-supplier-has-given-you',
  ),
} as const satisfies Record<string, Variable>;
