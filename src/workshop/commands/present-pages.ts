import type { Exercise } from '../exercise.ts';
import type { Sheet } from '../screen/sheet.ts';
import { cut, wrap } from '../screen/text.ts';

/** Lines that are seen at once. */
export type Page = readonly string[];

/** Markdown as pages for a terminal: a heading begins one. A page that is higher than `rows` goes on in the next one. */
export function pagesOf(markdown: string, sheet: Sheet, rows: number): readonly Page[] {
  const blocks = blocksOf(markdown);
  const pages: string[][] = [];
  let before: Block['kind'] | undefined;
  for (const block of blocks) {
    if (block.kind === 'heading' || pages.length === 0) pages.push([]);
    const page = pages.at(-1);
    const lines = linesOf(block, sheet);
    const isTight = before === 'item' && block.kind === 'item';
    page?.push(...(page.length > 0 && !isTight ? [''] : []), ...lines);
    before = block.kind;
  }
  return pages.flatMap((page) => chunks(page, rows));
}

/** What whoever presents an exercise has at hand: hints, and what each wrong turn is told. */
export function speakersNotes(exercise: Exercise, sheet: Sheet): Page {
  const { minutes, defeats, hints, wrong, question } = exercise;
  const item = (name: string, text: string) => [
    sheet.colour.title(name),
    ...sheet.prose(text).map((line) => `  ${line}`),
  ];
  return [
    sheet.colour.title(`Speaker's notes: ${minutes} minutes`),
    '',
    ...item('What people believe', `${defeats.belief} (${defeats.seen})`),
    ...hints.flatMap((hint, index) => item(`Hint ${index + 1}`, hint)),
    ...Object.entries(wrong).flatMap(([name, { says }]) => item(`Wrong turn: ${name}`, says)),
    ...item('Ask at the end', question),
  ];
}

/** What stands for a README that is not there. */
export function withoutReadme({ title, story, minutes, folder }: Exercise): string {
  return `# ${title}\n\n${minutes} minutes. Edit my/${folder}.\n\n${story}\n`;
}

interface Block {
  readonly kind: 'heading' | 'code' | 'text' | 'item';
  readonly text: string;
}

function blocksOf(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  // A fence may hold blank lines and headings: it is one block.
  for (const part of markdown.split(/^(```[^\n]*\n[\s\S]*?^```)$/m)) {
    const fenced = /^```[^\n]*\n([\s\S]*?)\n?```$/.exec(part);
    if (fenced) blocks.push({ kind: 'code', text: fenced[1] ?? '' });
    else blocks.push(...part.split(/\n\s*\n|\n(?=#{1,6} |[-*] |\d+\. )/).flatMap(proseBlock));
  }
  return blocks;
}

function proseBlock(part: string): readonly Block[] {
  const text = part.trim();
  if (text === '') return [];
  const heading = /^#{1,6} ([^\n]+)\n?([\s\S]*)$/.exec(text);
  if (heading) {
    const [, title = '', rest = ''] = heading;
    return [{ kind: 'heading', text: title }, ...proseBlock(rest)];
  }
  if (text.startsWith('|')) return [{ kind: 'code', text }];
  const kind = /^([-*]|\d+\.) /.test(text) ? 'item' : 'text';
  return [{ kind, text: text.replaceAll(/\s*\n\s*/g, ' ') }];
}

function linesOf({ kind, text }: Block, sheet: Sheet): readonly string[] {
  const { colour, signs, width } = sheet;
  if (kind === 'code') {
    return text
      .split('\n')
      .map((line) => `  ${cut(signs.text(line), width - 2, signs.more)}`.trimEnd());
  }
  const words = signs.text(withoutMarks(text));
  if (kind === 'heading') return wrap(words, width).map(colour.title);
  if (kind === 'text') return wrap(words, width);
  return wrap(words, width - 2).map((line, index) => (index === 0 ? line : `  ${line}`));
}

/** Links are told with their address where it is one for a browser: nobody can press them here. */
function withoutMarks(text: string): string {
  return text
    .replaceAll(/\[([^\]]+)\]\((https?:[^)]+)\)/g, '$1 ($2)')
    .replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1')
    .replaceAll(/\*\*([^*]+)\*\*/g, '$1')
    .replaceAll(/\*([^*\s][^*]*)\*/g, '$1')
    .replaceAll(/`([^`]+)`/g, '$1');
}

function chunks(page: Page, rows: number): readonly Page[] {
  if (page.length <= rows) return [page];
  return [page.slice(0, rows), ...chunks(page.slice(rows), rows)];
}
