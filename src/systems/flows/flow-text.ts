import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Flaw } from './definition-flaws.ts';
import { flawsOfText } from './flow-text-flaws.ts';

/** A place in a text, both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong with a text, and where. */
export interface Problem extends Position {
  readonly message: string;
}

/** What a text says, with the place of each part of it; or why it says nothing. */
export type FlowText =
  | { readonly problems: readonly Problem[] }
  | {
      readonly problems: readonly [];
      readonly value: unknown;
      /** Where the member that a path ends in is named; where it is missing, the one that it is missing in. */
      at(path: Flaw['path']): Position;
    };

/** Reads YAML, or the part of it that is JSON. */
export function readFlowText(text: string, { isJson }: { readonly isJson: boolean }): FlowText {
  const lines = new LineCounter();
  const positionOf = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const broken = (flaws: readonly OffsetFlaw[]): FlowText => ({
    problems: flaws.map(({ message, offset }) => ({ ...positionOf(offset), message })),
  });
  try {
    // Names that are there twice are looked for by ourselves: the library compares each with each.
    const parsed = { lineCounter: lines, prettyErrors: false, uniqueKeys: false } as const;
    const document = parseDocument(text, parsed);
    const flaws = flawsOfText(document, text, isJson);
    if (flaws.length > 0) return broken(flaws);
    const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
    const placeOf = offsets(document);
    return { problems: [], value, at: (path) => positionOf(placeOf(path)) };
  } catch (error) {
    const message = COMPLAINTS.find(([kind]) => error instanceof kind)?.[1];
    if (message === undefined) throw error;
    return broken([{ message, offset: 0 }]);
  }
}

/** One thing that is wrong, by its place in UTF-16 code units from 0. */
export interface OffsetFlaw {
  readonly message: string;
  readonly offset: number;
}

/** What the library throws. */
const COMPLAINTS = [
  [RangeError, 'is nested too deeply'],
  [ReferenceError, 'has aliases that stand for too much: write it out'],
] as const;

/** What an alias stands for counts as often as it is repeated. */
const MOST_ALIASES = 100;

function offsets(document: Document.Parsed): (path: Flaw['path']) => number {
  const namesIn = new WeakMap<object, ReadonlyMap<string, Member>>();
  const membersOf = (map: object & { readonly items: readonly Member[] }) => {
    const known = namesIn.get(map) ?? new Map(map.items.map((pair) => [nameOf(pair), pair]));
    namesIn.set(map, known);
    return known;
  };
  return (path) => {
    let node: unknown = document.contents;
    let offset = document.contents?.range[0] ?? 0;
    for (const part of path) {
      const inside = isAlias(node) ? node.resolve(document) : node;
      if (isMap(inside)) {
        const member = membersOf(inside).get(String(part));
        if (member === undefined) return offset;
        offset = offsetOf(member.key) ?? offset;
        node = member.value;
      } else if (isSeq(inside)) {
        node = inside.items[Number(part)];
        offset = offsetOf(node) ?? offset;
      } else {
        return offset;
      }
    }
    return offset;
  };
}

interface Member {
  readonly key: unknown;
  readonly value: unknown;
}

function nameOf({ key }: Member): string {
  return isScalar(key) ? String(key.value) : '';
}

function offsetOf(node: unknown): number | undefined {
  const { range } = Object(node) as { readonly range?: readonly number[] | null };
  return range?.[0];
}
