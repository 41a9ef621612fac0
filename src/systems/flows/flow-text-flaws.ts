import { type Document, isAlias, isMap, isScalar, isSeq, type Scalar, type YAMLMap } from 'yaml';
import type { OffsetFlaw } from './flow-text.ts';

/**
 * Everything in a text that is no plain data: what cannot be read, names that are there twice or are no text, numbers that
 * would change, what stands inside of itself, and in a JSON file what is YAML alone.
 */
export function flawsOfText(
  document: Document.Parsed,
  text: string,
  isJson: boolean,
): readonly OffsetFlaw[] {
  const foreign = isJson ? foreignToJson(text) : [];
  if (foreign.length > 0) return foreign;
  const unread = [...document.errors, ...document.warnings].map(({ code, message, pos }) => ({
    message: code === 'MULTIPLE_DOCS' ? 'is a second document: a file has one flow' : message,
    offset: pos[0],
  }));
  // The library catches its own overflow, and tells it as any other error.
  if (unread.some(({ message }) => message === 'Maximum call stack size exceeded')) {
    throw new RangeError('Too many levels');
  }
  if (unread.length > 0) return onlyOnce(unread);
  const flaws: OffsetFlaw[] = [];
  look(document, document.contents, [], flaws);
  return flaws;
}

/** A bracket that is missing is missed at each level. */
function onlyOnce(flaws: readonly OffsetFlaw[]): OffsetFlaw[] {
  return [...new Map(flaws.map((flaw) => [`${flaw.offset} ${flaw.message}`, flaw])).values()];
}

/** JSON is looked at by its own reader, which stops at the first thing that it does not know. */
function foreignToJson(text: string): OffsetFlaw[] {
  const message = complaintOf(text);
  if (message === undefined) return [];
  const [, position] = /at position (\d+)/.exec(message) ?? [];
  const offset = position === undefined ? firstUnexpected(text) : Number(position);
  const [what] = message.split(/ in JSON at |, "|, \.\.\./);
  return [{ message: `is no JSON: ${what}`, offset }];
}

/** Node says where a token was not expected in some of its versions alone: it stands at the end of the shortest text that has it. */
function firstUnexpected(text: string): number {
  let good = 0;
  let bad = text.length;
  while (good < bad) {
    const middle = Math.floor((good + bad) / 2);
    const isIn = complaintOf(text.slice(0, middle))?.startsWith('Unexpected token') === true;
    if (isIn) bad = middle;
    else good = middle + 1;
  }
  return Math.max(good - 1, 0);
}

function complaintOf(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return (error as SyntaxError).message;
  }
}

function look(
  document: Document.Parsed,
  node: unknown,
  inside: readonly object[],
  flaws: OffsetFlaw[],
): void {
  if (inside.length > MOST_LEVELS) throw new RangeError('Too many levels');
  if (isAlias(node)) {
    const target = node.resolve(document);
    const isCycle = target !== undefined && inside.includes(target);
    if (isCycle)
      flaws.push({ message: `*${node.source} stands inside of itself`, offset: at(node) });
  } else if (isMap(node)) {
    flaws.push(...nameFlaws(node));
    for (const { value } of node.items) look(document, value, [...inside, node], flaws);
  } else if (isSeq(node)) {
    for (const item of node.items) look(document, item, [...inside, node], flaws);
  } else if (isScalar(node)) {
    flaws.push(...numberFlaws(node));
  }
}

/** Deeper than any definition, and not deep enough for a stack to overflow. */
const MOST_LEVELS = 100;

function nameFlaws({ items }: YAMLMap): OffsetFlaw[] {
  const known = new Set<string>();
  return items.flatMap(({ key }) => {
    if (!isScalar(key) || typeof key.value !== 'string') {
      return [{ message: 'a name has to be text: put it in quotes', offset: at(key) }];
    }
    const { value: name } = key;
    if (known.has(name)) return [{ message: `${name} is here twice`, offset: at(key) }];
    known.add(name);
    return [];
  });
}

/** The content hash is of JSON, and every reader of JSON has to come to the same number. */
function numberFlaws(node: Scalar): OffsetFlaw[] {
  const { value, source = '' } = node;
  if (typeof value !== 'number') return [];
  const isKept =
    Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  if (isKept) return [];
  return [{ message: `${source} cannot be kept as a number: put it in quotes`, offset: at(node) }];
}

function at(node: unknown): number {
  const { range } = Object(node) as { readonly range?: readonly number[] | null };
  return range?.[0] ?? 0;
}
