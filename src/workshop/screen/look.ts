import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Paint, paintFor } from '#report';
import { ROOT } from '../exercise.ts';

/** What a terminal can show. */
export interface Look {
  readonly columns: number;
  /** Without it a screen is as high as it gets. */
  readonly rows?: number;
  readonly colour: Paint;
  readonly unicode: boolean;
  /** The address behind `my/14-batch-checkpoint/activities.ts:9`, where the terminal follows such links. */
  readonly linkTo?: (place: string) => string;
}

/** The signs of a screen, of one alphabet. */
export interface Signs {
  readonly good: string;
  readonly bad: string;
  readonly stopped: string;
  readonly rule: string;
  readonly dot: string;
  readonly full: string;
  readonly empty: string;
  readonly more: string;
  readonly from: string;
  readonly line: string;
  readonly lost: string;
  readonly kept: string;
  readonly written: string;
  readonly known: string;
  readonly declined: string;
  readonly arrow: string;
  /** A text of an exercise in this alphabet. */
  text(text: string): string;
}

/** What this stream can show, by what it and the environment say of it. */
export function lookFor(
  stream: NodeJS.WriteStream,
  env: NodeJS.ProcessEnv = process.env,
  root = ROOT,
): Look {
  return {
    columns: stream.columns ?? 80,
    ...(stream.rows && { rows: stream.rows }),
    colour: paintFor(stream),
    unicode: hasUnicode(env),
    ...(followsLinks(stream, env) && {
      linkTo: (place: string) => pathToFileURL(join(root, place.replace(/:\d+$/, ''))).href,
    }),
  };
}

/** The locale says it, by POSIX's order of the three. Windows has no locale: its terminals of today do, its console does not. */
function hasUnicode(env: NodeJS.ProcessEnv): boolean {
  const { LC_ALL, LC_CTYPE, LANG, TERM, WT_SESSION, TERM_PROGRAM } = env;
  if (process.platform === 'win32') return Boolean(WT_SESSION ?? TERM_PROGRAM);
  if (TERM === 'linux') return false;
  const locale = LC_ALL || LC_CTYPE || LANG;
  return locale ? /utf-?8/i.test(locale) : process.platform === 'darwin';
}

/** Inside of VS Code `path:line` is a link by itself, and one that knows the line. */
function followsLinks(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  if (!stream.isTTY || env['TERM_PROGRAM'] === 'vscode') return false;
  return env['NO_COLOR'] === undefined && !/^(dumb|linux)$/.test(env['TERM'] ?? 'dumb');
}

export function signsOf({ unicode }: Pick<Look, 'unicode'>): Signs {
  return unicode ? UNICODE : ASCII;
}

const UNICODE: Signs = {
  good: '✓ ',
  bad: '✗ ',
  stopped: '! ',
  rule: '─',
  dot: '·',
  full: '■',
  empty: '□',
  more: '…',
  from: '├',
  line: '─',
  lost: '╳',
  kept: '✓',
  written: '◆',
  known: '◇',
  declined: '⊘',
  arrow: '→',
  text: (text) => text,
};

const ASCII: Signs = {
  good: '[ok] ',
  bad: '[x]  ',
  stopped: '!    ',
  rule: '-',
  dot: '-',
  full: '#',
  empty: '.',
  more: '...',
  from: '|',
  line: '-',
  lost: 'x',
  kept: 'o',
  written: '*',
  known: '=',
  declined: 'x',
  arrow: '->',
  text: (text) =>
    text
      .replaceAll(OTHERS, (sign) => IN_ASCII[sign] ?? '')
      .normalize('NFKD')
      .replaceAll(/\p{M}/gu, '')
      .replaceAll(/\P{ASCII}/gu, '?'),
};

const IN_ASCII: Readonly<Record<string, string>> = {
  '–': '--',
  '—': '--',
  '−': '-',
  '·': '-',
  '…': '...',
  '→': '->',
  '×': 'x',
  '≠': '!=',
  '≤': '<=',
  '≥': '>=',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '\u00A0': ' ',
};
const OTHERS = new RegExp(`[${Object.keys(IN_ASCII).join('')}]`, 'g');
