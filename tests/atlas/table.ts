import type { Temporal, TestServer } from '#testkit';

/** A table of the atlas: cells that were executed, and how they are shown. */
export interface AtlasTable<Cell extends AtlasCell = AtlasCell> {
  /** Of `fixtures/atlas/NAME.json` and of the marks in `tests/chapters/README.md`. */
  readonly name: string;
  readonly title: string;
  /** Executes every cell on this server; a table by documentation gives its data. */
  execute(ground: AtlasGround): Promise<readonly Cell[]>;
  /** Markdown. */
  render(cells: readonly Cell[]): string;
}

/** Plain JSON. What differs from run to run is in `runIds` alone, which is not compared. */
export interface AtlasCell {
  readonly runIds?: readonly string[];
  readonly [member: string]: unknown;
}

export interface AtlasGround {
  /** Of `#testkit`: `connectTest`. */
  readonly temporal: Temporal;
  readonly testServer: TestServer;
}
