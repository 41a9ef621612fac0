/** Something that people say about idempotency, and what came of it when it was tried. */
export interface Claim {
  /** In our words. */
  readonly said: string;
  /** In theirs: one line at most. */
  readonly quote?: string;
  /** The address of a page, or who says so. */
  readonly source: string;
  readonly verdict: 'true' | 'false' | `true if ${string}`;
  /** One or two sentences. */
  readonly why: string;
  /** The title of a test of this repository, as it stands in its file. */
  readonly shownBy: { readonly file: string; readonly test: string };
  /** The break of `tests/house/mutations` that takes the remedy out: the test of `remedy` or else of `shownBy` turns red. */
  readonly mutant?: string;
  /** Where `shownBy` shows the damage: the title of the test of that file that shows the remedy. */
  readonly remedy?: string;
}
