import type { Rule } from '../tree.ts';

const AT_THE_TOP = new Set([
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'vitest.config.ts',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'src',
  'tests',
  'fixtures',
  'exercises',
]);

export const topLevelRule: Rule = {
  claim: 'the top of the repository holds what its readers look for there, and dot files',
  find: (files) => {
    const names = new Set(files.map(({ path }) => path.split('/')[0] ?? path));
    return [...names]
      .filter((name) => !AT_THE_TOP.has(name) && !name.startsWith('.'))
      .map((path) => ({ path, message: 'lies at the top: move it into a room, or into tests' }));
  },
  good: { 'the usual files': { 'README.md': '', '.nvmrc': '20', 'src/cli/main.ts': '' } },
  bad: {
    'a script and a folder that nobody expects': {
      tree: { 'run.sh': '', 'scripts/build.ts': '', 'scripts/release.ts': '' },
      found: ['run.sh', 'scripts'],
    },
  },
};
