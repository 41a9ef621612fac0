import { dottedName, importsOf, isCode, lineAt, nodesOf } from '../syntax.ts';
import type { Rule } from '../tree.ts';

const OUTPUT = /^(globalThis\.)?(console\.\w+|process\.(stdout|stderr))$/;
/** A `*-child.ts` is a program of its own: what it writes goes to the process that started it. */
const MAY_WRITE = /^src\/(report|cli)\/|^src\/workshop\/main\.ts$|-child\.ts$/;

export const outputRule: Rule = {
  claim: 'only report, cli and the entry of the workshop write to stdout or stderr',
  find: (files) =>
    files
      .filter(isCode)
      .filter(({ path }) => path.startsWith('src/') && !MAY_WRITE.test(path))
      .flatMap((file) => [
        ...nodesOf(file)
          .filter(({ node }) => OUTPUT.test(dottedName(node) ?? ''))
          .filter(({ node }) => node.type === 'MemberExpression')
          .map(({ node }) => ({
            path: file.path,
            line: lineAt(file, node.start),
            message: `uses ${dottedName(node)}: report through onProgress(event) and let the caller write`,
          })),
        ...importsOf(file)
          .filter(({ from }) => /^(node:)?(console|process)$/.test(from))
          .map(({ from, line }) => ({
            path: file.path,
            line,
            message: `imports ${from}, a way around this rule: use the global, or report through onProgress(event)`,
          })),
      ]),
  good: {
    'a child that tells its parent what went wrong': {
      'src/temporal/cli/download-child.ts': `process.stderr.write(error.message);`,
    },
    'a command that prints': { 'src/cli/doctor.ts': `console.log('ready');` },
    'a room that reports': {
      'src/temporal/dev-server.ts': `onProgress({ kind: 'building' }); // not console.log`,
    },
  },
  bad: {
    'a room that prints': {
      tree: { 'src/temporal/dev-server.ts': `console.log('building');` },
      found: ['src/temporal/dev-server.ts:1'],
    },
    'a room that writes to a stream': {
      tree: {
        'src/demos/fees.ts': `const { isTTY } = process.stdout;\nprocess.stderr.write('!');`,
      },
      found: ['src/demos/fees.ts:1', 'src/demos/fees.ts:2'],
    },
    'the streams under another name': {
      tree: { 'src/demos/fees.ts': `import { stdout } from 'node:process';` },
      found: ['src/demos/fees.ts:1'],
    },
  },
};
