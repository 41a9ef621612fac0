/** What a problem says, in the words of RFC 9457. */
export interface ProblemDetails {
  readonly status: number;
  /** Tells problems of one status apart; made by `problemType`. */
  readonly type: string;
  /** The same for every problem of this type. */
  readonly title: string;
  /** This occurrence, for a person. It reaches strangers: no stack, no path, no secret. */
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the body. */
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** The name of a kind of problem, such as `urn:press-twice:problem:insufficient-funds`. It never changes. */
export function problemType(name: string): string {
  return `urn:press-twice:problem:${name}`;
}

/**
 * A refusal that is ready to be sent: throw it in a route, and `problemHandler` answers with it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly type: string;
  readonly title: string;
  readonly detail: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(details: ProblemDetails, options?: ErrorOptions) {
    super(details.detail, options);
    this.status = details.status;
    this.type = details.type;
    this.title = details.title;
    this.detail = details.detail;
    this.headers = details.headers ?? {};
    this.extensions = details.extensions ?? {};
  }

  /** The body of the answer. An extension cannot take the place of a standard member. */
  toJSON(): Record<string, unknown> {
    const { extensions, type, title, status, detail } = this;
    return { ...extensions, type, title, status, detail };
  }
}
