export interface WebhookRequest {
  /** Sent as `Idempotency-Key`. */
  readonly key: string;
  /** Of the definition; without it, the worker's own. */
  readonly url: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
  /** Ends the request early. */
  readonly signal: AbortSignal;
}

/** What the receiver has said. */
export interface WebhookTold {
  /** `refused`: any other 4xx, which no retry changes. */
  readonly is: 'taken' | 'refused';
  readonly status: number;
}

/** Another company's endpoint. */
export interface Webhooks {
  /**
   * @throws {WebhookUnavailableError} no answer, 5xx, 408, 409, 425 or 429: whether it was taken is unknown. `retryAfterMs` is the receiver's wish
   * @throws {WebhookUrlError} there is no URL, in the definition or the worker's configuration, or it is nobody's whom the worker may call
   */
  post(request: WebhookRequest): Promise<WebhookTold>;
}
