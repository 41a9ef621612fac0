import { type Comment, type Node, type Program, parseSync } from 'oxc-parser';
import type { SourceFile } from './tree.ts';

/** One mention of another module: an import, a re-export, `import()`, or `import('…')` in a type. */
export interface Import {
  readonly from: string;
  /** Erased before the code runs. `import { type A }` is not: the module is still loaded. */
  readonly typeOnly: boolean;
  readonly line: number;
}

export interface Found {
  readonly node: Node;
  /** From the outermost to the nearest. */
  readonly parents: readonly Node[];
}

export function isCode(file: SourceFile): boolean {
  return /\.[cm]?[jt]s$/.test(file.path);
}

/** @throws when the file is not valid TypeScript or JavaScript, with the first complaint of the parser */
export function parse(file: SourceFile): Parsed {
  let parsed = cache.get(file);
  if (!parsed) {
    const { program, comments, errors } = parseSync(file.path, file.text);
    if (errors[0]) throw new Error(`${file.path} cannot be parsed: ${errors[0].message}`);
    parsed = { program, comments, nodes: [...descend(program, [])] };
    cache.set(file, parsed);
  }
  return parsed;
}

/** Every node of the file's syntax, outermost first, in the order of the text. */
export function nodesOf(file: SourceFile): readonly Found[] {
  return parse(file).nodes;
}

export function importsOf(file: SourceFile): Import[] {
  return nodesOf(file).flatMap(({ node }) => {
    const from = moduleNamedBy(node);
    return from === undefined
      ? []
      : [{ from, typeOnly: isTypeOnly(node), line: lineAt(file, node.start) }];
  });
}

/** Every string that stands in the code, template literals without substitutions included. */
export function stringsOf(file: SourceFile): string[] {
  return nodesOf(file).flatMap(({ node }) => {
    if (node.type === 'Literal' && typeof node.value === 'string') return [node.value];
    if (node.type === 'TemplateElement') return [node.value.cooked ?? ''];
    return [];
  });
}

export function lineAt(file: SourceFile, offset: number): number {
  return file.text.slice(0, offset).split('\n').length;
}

/** The numbers of the lines that hold code: neither blank nor only a comment. */
export function codeLines(file: SourceFile): number[] {
  let text = file.text;
  for (const { start, end } of parse(file).comments) {
    const blank = text.slice(start, end).replace(/[^\n]/g, ' ');
    text = text.slice(0, start) + blank + text.slice(end);
  }
  return text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [index + 1]));
}

/** `it.only` for the callee of `it.only('…')`; `undefined` where it is not a chain of plain names. */
export function dottedName(node: Node): string | undefined {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'CallExpression') return dottedName(node.callee);
  if (node.type !== 'MemberExpression' || node.property.type !== 'Identifier') return undefined;
  const object = dottedName(node.object);
  return object === undefined || node.computed ? undefined : `${object}.${node.property.name}`;
}

interface Parsed {
  readonly program: Program;
  readonly comments: readonly Comment[];
  readonly nodes: readonly Found[];
}

const cache = new WeakMap<SourceFile, Parsed>();

function* descend(node: Node, parents: readonly Node[]): Generator<Found> {
  yield { node, parents };
  const below = [...parents, node];
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) yield* descend(child, below);
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

function moduleNamedBy(node: Node): string | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'TSImportType':
      return node.source.value;
    case 'ExportNamedDeclaration':
      return node.source?.value;
    case 'ImportExpression':
      return node.source.type === 'Literal' && typeof node.source.value === 'string'
        ? node.source.value
        : undefined;
    default:
      return undefined;
  }
}

function isTypeOnly(node: Node): boolean {
  if (node.type === 'TSImportType') return true;
  if (node.type === 'ImportDeclaration') return node.importKind === 'type';
  if (node.type === 'ExportNamedDeclaration' || node.type === 'ExportAllDeclaration') {
    return node.exportKind === 'type';
  }
  return false;
}
