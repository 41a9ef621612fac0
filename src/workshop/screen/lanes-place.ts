/** Something that happened, and the sign that it leaves. */
export interface Mark {
  /** Its place among all moments. Infinite while it has not happened: it is drawn at the right end. */
  readonly order: number;
  readonly sign: string;
  /** Stands behind the sign, where there is room. */
  readonly text: string;
  /** A line leads to it from the mark before. */
  readonly bar?: boolean;
  readonly paint?: (text: string) => string;
}

export interface Lane {
  readonly label: string;
  readonly marks: readonly Mark[];
  /** What is left is told behind this one. */
  readonly tail?: boolean;
}

export interface Placed {
  readonly lane: Lane;
  /** One for each mark. */
  readonly columns: readonly number[];
  /** Whether there was room for the texts behind the signs. */
  readonly texts: boolean;
  /** Where its last mark ends. */
  readonly end: number;
}

/**
 * Gives each moment a column, the same one in all lanes: what came later stands further to the right. Where there is
 * little room the marks stand closer, and in the end they lose their texts.
 */
export function place(lanes: readonly Lane[], width: number): readonly Placed[] {
  const tries = SPACINGS.map((spacing) => placeWith(lanes, spacing));
  const fits = (placed: readonly Placed[]) => placed.every(({ end }) => end <= width);
  return tries.find(fits) ?? tries.at(-1) ?? [];
}

interface Spacing {
  /** From one moment to the next. */
  readonly gap: number;
  /** The shortest bar. */
  readonly bar: number;
  readonly texts: boolean;
}

const SPACINGS: readonly Spacing[] = [
  { gap: 3, bar: 7, texts: true },
  { gap: 2, bar: 4, texts: true },
  { gap: 1, bar: 2, texts: true },
  { gap: 2, bar: 3, texts: false },
  { gap: 1, bar: 1, texts: false },
];

function placeWith(lanes: readonly Lane[], { gap, bar, texts }: Spacing): readonly Placed[] {
  const lengthOf = ({ sign, text }: Mark) =>
    sign.length + (texts && text !== '' ? text.length + 1 : 0);
  const orders = new Set(lanes.flatMap(({ marks }) => marks.map(({ order }) => order)));
  const columnOf = new Map<number, number>();
  let next = 0;
  for (const order of [...orders].toSorted((a, b) => a - b)) {
    const least = lanes.flatMap(({ marks }) => {
      const index = marks.findIndex((mark) => mark.order === order);
      const mark = marks[index];
      const before = marks[index - 1];
      if (!mark || !before) return [];
      const at = columnOf.get(before.order) ?? 0;
      return mark.bar ? at + bar : at + lengthOf(before) + (texts ? 2 : 0);
    });
    const column = Math.max(next, ...least);
    columnOf.set(order, column);
    const begins = lanes.some(({ marks }) => marks[0]?.order === order && marks[1]?.bar);
    next = column + gap + (begins && gap > 2 ? 1 : 0);
  }

  return lanes.map((lane) => {
    const columns = lane.marks.map(({ order }) => columnOf.get(order) ?? 0);
    const last = lane.marks.at(-1);
    return { lane, columns, texts, end: last ? (columns.at(-1) ?? 0) + lengthOf(last) : 0 };
  });
}
