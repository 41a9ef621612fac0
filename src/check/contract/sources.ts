/** Where the rules come from: drafts, standards, and what large providers document. */
export const SOURCES = {
  IETF07:
    'draft-ietf-httpapi-idempotency-key-header-07, 15 Oct 2025 (latest revision found; its own expiry date is 18 Apr 2026; an Internet-Draft, not an RFC): key = RFC 8941/9651 Structured Field String (quoted); 400 missing, 422 reuse with other payload, 409 while first is outstanding; fingerprint MAY; expiry SHOULD be published; security: validate key format, composite lookup key',
  RFC9110: 'HTTP Semantics: 405+Allow, 413, 414, 415, 422, 9.2.2 idempotent methods',
  RFC9112: 'HTTP/1.1 framing: reject Content-Length with Transfer-Encoding',
  RFC9457: 'Problem Details (application/problem+json), obsoletes RFC 7807',
  RFC8259: 'JSON: numbers have no NaN/Infinity; duplicate names are unpredictable',
  STRIPE:
    'first status+body saved once execution begins, 500s included (v1); results not saved when validation fails or a concurrent request holds the key; keys <=255 chars, pruned after >=24h; parameters compared, error if different; response header Idempotent-Replayed: true. v2: failed work is retried to completion',
  ADYEN:
    "key <=64 chars, company-account scope, echoed in the response; doc revisions seen give 31 days minimum; v4 UUID so that two users of one account cannot read each other's responses",
  SQUARE:
    'key in the body; same key + changed request = error, same key + same request = first response',
  PAYPAL:
    'PayPal-Request-Id; repeated id returns the latest status of the earlier request; two at once: the second may fail',
  CHECKOUT: 'only 2xx is stored; a 4xx/5xx lets the payment be attempted again; 24h',
  PPRO: '409 while the first is in transit; replay marked Request-Idempotency: true; 4xx not stored; 24h',
  AWS: 'caller-supplied token; semantic equivalence of the replayed response; token and mutation recorded atomically; parameter mismatch is an error; late retries after delete get the same answer',
  TIGERBEETLE:
    'id = idempotency key made and persisted by the client; `exists` on retry; exists_with_different_<field>; transient failures are pinned (id_already_failed), so a retry never yields another outcome',
} as const;
