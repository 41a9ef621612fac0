import type { Node } from 'oxc-parser';
import { importsOf, isCode, lineAt, nodesOf } from '../syntax.ts';
import type { Rule } from '../tree.ts';

/** Names that stand for an identity: what they hold must come from ids.ts. */
const IDENTITIES = new Set(['workflowId', 'updateId', 'idempotencyKey']);
/** What makes the same business fact a new name. */
const UNSTABLE = new Set(['Date', 'Math', 'crypto', 'performance', 'process', 'randomUUID']);

const inSystems = (path: string) => path.startsWith('src/systems/');
const isIds = (path: string) => path.endsWith('/ids.ts');

export const stableIdsRule: Rule = {
  claim: 'ids.ts makes IDs from its arguments alone, without a clock or a random number',
  find: (files) =>
    files
      .filter(isCode)
      .filter(({ path }) => isIds(path))
      .flatMap((file) => [
        ...importsOf(file)
          .filter(({ from }) => /^(uuid|nanoid|(node:)?crypto|(node:)?process)$/.test(from))
          .map(({ from, line }) => ({ path: file.path, line, message: unstable(from) })),
        ...nodesOf(file).flatMap(({ node }) =>
          node.type === 'Identifier' && UNSTABLE.has(node.name)
            ? [{ path: file.path, line: lineAt(file, node.start), message: unstable(node.name) }]
            : [],
        ),
      ]),
  good: {
    'an ID that is named after the order': {
      'src/systems/fees/ids.ts': 'export const feeWorkflowId = (id: string) => `FEE-WF-${id}`;',
    },
  },
  bad: {
    'an ID with a date': {
      tree: { 'src/systems/fees/ids.ts': 'export const id = () =>\n  `FEE-${Date.now()}`;' },
      found: ['src/systems/fees/ids.ts:2'],
    },
    'an ID with a random part': {
      tree: { 'src/systems/fees/ids.ts': `import { v7 } from 'uuid';` },
      found: ['src/systems/fees/ids.ts:1'],
    },
  },
};

export const idsRule: Rule = {
  claim: 'only ids.ts makes IDs',
  find: (files) =>
    files
      .filter(isCode)
      .filter(({ path }) => inSystems(path) && !isIds(path))
      .flatMap((file) =>
        nodesOf(file)
          .filter(({ node }) => isHomeMade(node))
          .map(({ node }) => ({
            path: file.path,
            line: lineAt(file, node.start),
            message: `makes ${nameOf(node)} on the spot: make it in ids.ts, from the business fact`,
          })),
      ),
  good: {
    'an ID that comes from ids.ts': {
      'src/systems/fees/client.ts': 'start({ workflowId: feeWorkflowId(fee.orderId) });',
    },
    'a log line about an ID': {
      'src/systems/fees/client.ts': 'throw new Error(`No run ${workflowId}`);',
    },
  },
  bad: {
    'an ID that is put together at the call': {
      tree: { 'src/systems/fees/client.ts': 'start({\n  workflowId: `FEE-${orderId}` });' },
      found: ['src/systems/fees/client.ts:2'],
    },
    'an ID that is added up before the call': {
      tree: { 'src/systems/fees/http.ts': `const workflowId = 'FEE-' + orderId;` },
      found: ['src/systems/fees/http.ts:1'],
    },
    'an ID that one run after another would share': {
      tree: { 'src/systems/fees/worker.ts': `start({ workflowId: 'fee' });` },
      found: ['src/systems/fees/worker.ts:1'],
    },
  },
};

function unstable(name: string): string {
  return `uses ${name}: an ID is made from its arguments only, or a retry gets another one`;
}

function isHomeMade(node: Node): boolean {
  const value = valueOf(node);
  return (
    IDENTITIES.has(nameOf(node) ?? '') &&
    (value?.type === 'TemplateLiteral' ||
      value?.type === 'BinaryExpression' ||
      (value?.type === 'Literal' && typeof value.value === 'string'))
  );
}

function nameOf(node: Node): string | undefined {
  const target =
    node.type === 'Property'
      ? node.key
      : node.type === 'VariableDeclarator'
        ? node.id
        : node.type === 'AssignmentExpression'
          ? node.left
          : undefined;
  return target?.type === 'Identifier' ? target.name : undefined;
}

function valueOf(node: Node): Node | null {
  if (node.type === 'Property') return node.value;
  if (node.type === 'VariableDeclarator') return node.init;
  return node.type === 'AssignmentExpression' ? node.right : null;
}
