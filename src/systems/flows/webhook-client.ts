import { fetchJson, type JsonAnswer, keyOfReference, readStatus } from '#http';
import { WebhookUnavailableError, WebhookUrlError } from './errors.ts';
import { hostOf, webhookHosts } from './webhook-hosts.ts';
import type { Webhooks } from './webhooks.ts';

export interface WebhookClientOptions {
  /** Where webhooks go whose definition names no URL. */
  readonly url?: string | undefined;
  /**
   * Whom else a definition may name, each as `host` or `host:port`: a definition may come from anybody, and this worker
   * reaches what they do not.
   */
  readonly hosts?: readonly string[] | undefined;
  /** Credentials for that URL; one that a definition names is sent none of them. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** How long an answer may take, in milliseconds; less than an attempt of an activity may. */
  readonly timeoutMs: number;
}

/** Webhooks over HTTP. One call is one request: whatever retries it gives the same key. */
export function createWebhookClient({
  url: own,
  hosts,
  headers: credentials,
  timeoutMs,
}: WebhookClientOptions): Webhooks {
  const allows = webhookHosts({ url: own, hosts });
  return {
    async post({ key, url: named, body, signal }) {
      const url = named ?? own;
      if (url === undefined) {
        throw new WebhookUrlError('No URL to call: name one in the config of the step');
      }
      if (named !== undefined && !allows(named)) {
        throw new WebhookUrlError(`${hostOf(named)} is not a host that this worker may call`);
      }
      const headers = {
        'Idempotency-Key': keyOfReference(key),
        ...(named === undefined && credentials),
      };
      const answer = await fetchJson(url, {
        method: 'POST',
        headers,
        body,
        timeoutMs,
        signal,
      }).catch((cause: unknown) => {
        throw new WebhookUnavailableError('The receiver gave no answer: ask again', { cause });
      });
      return toldBy(answer);
    },
  };
}

/** A 4xx is a no, except where `readStatus` says that nobody knows: then the request is sent again. */
function toldBy({ status, headers }: JsonAnswer) {
  const verdict = IS_A_NO.has(status) ? 'refused' : readStatus(status);
  if (verdict !== 'unknown')
    return { is: verdict === 'success' ? 'taken' : 'refused', status } as const;
  const retryAfterMs = retryAfter(headers.get('Retry-After'));
  throw new WebhookUnavailableError(`The receiver answered with HTTP ${status}: ask again`, {
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** We may not come in. A flow has a branch for that, and need not wait a day for a person who mends it. */
const IS_A_NO = new Set([401, 403]);

/** Seconds; a date is left to the retry policy. A receiver that wants us to come in a year is asked within the hour. */
function retryAfter(header: string | null): number | undefined {
  if (header === null || !/^\d{1,9}$/.test(header)) return undefined;
  return Math.min(Number(header), 3_600) * 1_000;
}
