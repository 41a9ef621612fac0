import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface SourceFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** A place that breaks a rule. */
export interface Offence {
  readonly path: string;
  readonly line?: number;
  /** What is wrong, and what to do. */
  readonly message: string;
}

export type Finder = (files: readonly SourceFile[]) => Offence[];

/** A small tree that was written for the purpose: path to text. */
export type Planted = Readonly<Record<string, string>>;

/** A rule of the house, with the trees that show what it lets through and what it finds. */
export interface Rule {
  /** A sentence in the present tense; the title of the test. */
  readonly claim: string;
  readonly find: Finder;
  readonly good: Readonly<Record<string, Planted>>;
  /** Every offence of the tree, each as `path` or `path:line`. */
  readonly bad: Readonly<Record<string, { tree: Planted; found: readonly string[] }>>;
}

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The files of the repository: those that git tracks, and those that it would. Folders of output are not among them. */
export function listTree(root = ROOT): string[] {
  const listed = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    { cwd: root, encoding: 'utf8' },
  );
  return [...new Set(listed.split('\0'))]
    .filter((path) => path !== '')
    .filter((path) => statSync(`${root}/${path}`, { throwIfNoEntry: false })?.isFile())
    .toSorted();
}

export function readTree(root = ROOT): SourceFile[] {
  return listTree(root).map((path) => ({ path, text: readFileSync(`${root}/${path}`, 'utf8') }));
}

export function plant(tree: Planted): SourceFile[] {
  return Object.entries(tree).map(([path, text]) => ({ path, text }));
}

/** `src/a.ts:7`, as editors and terminals link it. */
export function placeOf({ path, line }: Offence): string {
  return line === undefined ? path : `${path}:${line}`;
}
