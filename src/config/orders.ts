import { z } from 'zod';
import { serviceUrl } from './service-url.ts';
import { type Variable, variable } from './variable.ts';

/** Where `orders` are worked on, and whom they ask for money, goods and mail. */
export const OF_ORDERS = {
  ORDER_TASK_QUEUE: variable(
    'orderTaskQueue',
    z.string().min(1).default('order-service-task-queue'),
    'Task queue of the order workflows and their worker.',
  ),
  GATEWAY_URL: variable(
    'gatewayUrl',
    serviceUrl(),
    'The payment gateway: `POST <URL>/charges` and `<URL>/refunds`, with an `Idempotency-Key`. Named with FULFILMENT_URL and MAIL_URL, or not at all. Without the three `serve` runs services of its own, and `worker` works on no orders.',
    'https://gateway.example',
  ),
  GATEWAY_TOKEN: variable(
    'gatewayToken',
    token(),
    'Bearer token that the gateway knows us by.',
    'what-the-service-has-given-you',
  ),
  FULFILMENT_URL: variable(
    'fulfilmentUrl',
    serviceUrl(),
    'The fulfilment, which ships what was paid for: `POST <URL>/shipments`, with an `Idempotency-Key`.',
    'https://fulfilment.example',
  ),
  FULFILMENT_TOKEN: variable(
    'fulfilmentToken',
    token(),
    'Bearer token that the fulfilment knows us by.',
    'what-the-service-has-given-you',
  ),
  MAIL_URL: variable(
    'mailUrl',
    serviceUrl(),
    'The sender of mail: `POST <URL>/mails`, with an `Idempotency-Key`.',
    'https://mail.example',
  ),
  MAIL_TOKEN: variable(
    'mailToken',
    token(),
    'Bearer token that the sender of mail knows us by.',
    'what-the-service-has-given-you',
  ),
} as const satisfies Record<string, Variable>;

function token() {
  return z.string().min(1).optional();
}
