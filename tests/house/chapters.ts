import type { SourceFile } from './tree.ts';

export interface Chapter {
  readonly path: string;
  readonly number: number;
  readonly title: string;
  readonly claim: string;
}

export const CHAPTER_PATH = /^tests\/chapters\/(\d{2})-[a-z0-9-]+\.test\.ts$/;
export const HEADER_FIELDS = ['Claim', 'Method', 'Evidence', 'Control'] as const;

/** The leading block comment of a chapter: its number, its title, its four fields in the order of the file. */
export function readHeader(text: string) {
  const comment = /^\/\*\*\n(.*?)\*\//s.exec(text)?.[1] ?? '';
  const lines = comment.split('\n').map((line) => line.replace(/^ \* ?/, ''));
  const [, number, title] = /^Chapter (\d+)\. (.+)$/.exec(lines[0] ?? '') ?? [];

  const fields: [name: string, text: string][] = [];
  for (const line of lines.slice(1)) {
    const [, name, start] = /^([A-Z][a-z]+) {2,}(.+)$/.exec(line) ?? [];
    const last = fields.at(-1);
    if (name && start) fields.push([name, start.trim()]);
    else if (last && line.startsWith('  ')) last[1] += ` ${line.trim()}`;
  }
  return { number: number === undefined ? undefined : Number(number), title, fields };
}

/** The chapters in the order of their numbers; a file without a proper header is left to the rule to find. */
export function listChapters(files: readonly SourceFile[]): Chapter[] {
  return files
    .filter(({ path }) => CHAPTER_PATH.test(path))
    .flatMap(({ path, text }) => {
      const { number, title, fields } = readHeader(text);
      const claim = new Map(fields).get('Claim');
      return number === undefined || !title || !claim ? [] : [{ path, number, title, claim }];
    })
    .toSorted((one, other) => one.number - other.number);
}
