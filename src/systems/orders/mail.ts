export interface MailRequest {
  /** Our name for it: sent as `Idempotency-Key`. */
  readonly reference: string;
  readonly customerId: string;
  readonly subject: string;
  readonly text: string;
}

export interface SentMail {
  readonly id: string;
  /** `replay` where an earlier request with this key has sent it. */
  readonly outcome: 'first' | 'replay';
}

/** Another company's service. What it has sent cannot be called back. */
export interface Mail {
  /** @throws {ServiceUnavailableError} it is unknown whether the mail was sent */
  send(request: MailRequest): Promise<SentMail>;
}
