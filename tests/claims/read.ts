import type { Node } from 'oxc-parser';
import { dottedName, lineAt, nodesOf } from '../house/syntax.ts';
import type { SourceFile } from '../house/tree.ts';

/** A claim as it stands in its file, where it is plain data. What is missing there is missing here. */
export interface ReadClaim {
  readonly path: string;
  readonly line: number;
  readonly said: string;
  readonly verdict?: string | undefined;
  readonly quote?: string | undefined;
  readonly mutant?: string | undefined;
  readonly remedy?: string | undefined;
  readonly file?: string | undefined;
  readonly test?: string | undefined;
}

/** The claims of a file: each object that has `said`. */
export function readClaims(file: SourceFile): ReadClaim[] {
  return nodesOf(file).flatMap(({ node }) => {
    const { said, verdict, quote, mutant, remedy, shownBy } = membersOf(node);
    const claimed = textOf(said);
    if (claimed === undefined) return [];
    const { file: shownIn, test } = membersOf(shownBy);
    return [
      {
        path: file.path,
        line: lineAt(file, node.start),
        said: claimed,
        verdict: textOf(verdict),
        quote: textOf(quote),
        mutant: textOf(mutant),
        remedy: textOf(remedy),
        file: textOf(shownIn),
        test: textOf(test),
      },
    ];
  });
}

/** The titles of a file's tests, and what stands in the rows of those that have rows. */
export function readTitles(file: SourceFile): ReadonlySet<string> {
  const found = nodesOf(file);
  const heads = new Set<Node | undefined>(
    found.flatMap(({ node }) =>
      node.type === 'CallExpression' && /^(it|test)\b/.test(dottedName(node.callee) ?? '')
        ? [node.arguments[0]]
        : [],
    ),
  );
  return new Set(
    found.flatMap(({ node, parents }) => {
      const text = textOf(node);
      return text !== undefined && [node, ...parents].some((one) => heads.has(one)) ? [text] : [];
    }),
  );
}

function membersOf(node: Node | undefined): Record<string, Node | undefined> {
  if (node?.type !== 'ObjectExpression') return {};
  return Object.fromEntries(
    node.properties.flatMap((member) => {
      if (member.type !== 'Property') return [];
      const name = member.key.type === 'Identifier' ? member.key.name : textOf(member.key);
      return name === undefined ? [] : [[name, member.value]];
    }),
  );
}

function textOf(node: Node | undefined): string | undefined {
  return node?.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
}
