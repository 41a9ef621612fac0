import { posix } from 'node:path';
import { z } from 'zod';
import { importsOf, isCode, stringsOf } from '../syntax.ts';
import type { Rule, SourceFile } from '../tree.ts';

type Manifest = z.infer<typeof MANIFEST>;

const NAMES = z.record(z.string(), z.string()).default({});
const MANIFEST = z.object({
  bin: NAMES,
  scripts: NAMES,
  imports: NAMES,
  exports: z.record(z.string(), z.union([z.string(), NAMES])).default({}),
});
const WATCHED = /^(src|tests|fixtures)\//;
const DATA = /^fixtures\/.*(?<!\.[cm]?[jt]s)$/;

/**
 * Follows imports, doors and paths in strings from where the outside comes in: the commands, the exports,
 * the tests, the configuration. A file that is started by its path is found by that path.
 */
export const orphansRule: Rule = {
  claim: 'every file is used: imported, exported, run by a script, or started by its path',
  find: (files) => {
    const used = reachable(files);
    return files
      .filter(({ path }) => WATCHED.test(path) && !used.has(path))
      .map(({ path }) => ({ path, message: 'is used by nobody: use it, or delete it' }));
  },
  good: {
    'a command, its door, a worker and its workflows by path, a fixture by name': {
      'package.json': JSON.stringify({
        bin: { a: './dist/cli/main.js' },
        scripts: { bench: 'node --import tsx tests/bench/main.ts' },
        imports: { '#systems/*': './src/systems/*/index.ts' },
      }),
      'src/cli/main.ts': `import '#systems/fees';`,
      'src/systems/fees/index.ts': `export * from './worker.ts';`,
      'src/systems/fees/worker.ts': `new URL('./workflows.ts', import.meta.url);`,
      'src/systems/fees/workflows.ts': '',
      'tests/bench/main.ts': '',
      'tests/rooms/a.test.ts': `new URL('../../fixtures/fees/orders.csv', import.meta.url);`,
      'fixtures/fees/orders.csv': '',
    },
    'a folder that is copied whole': {
      'tests/rooms/a.test.ts': `cp('fixtures/home', folder);`,
      'fixtures/home/workflows.js': '',
    },
  },
  bad: {
    'a file, a door and a fixture that nobody uses': {
      tree: {
        'package.json': JSON.stringify({ imports: { '#report': './src/report/index.ts' } }),
        'src/report/index.ts': `export * from './terminal.ts';`,
        'src/report/terminal.ts': '',
        'fixtures/worker-that-dies.ts': '',
        'tests/rooms/a.test.ts': '',
      },
      found: ['src/report/index.ts', 'src/report/terminal.ts', 'fixtures/worker-that-dies.ts'],
    },
  },
};

function reachable(files: readonly SourceFile[]): Set<string> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const manifest = MANIFEST.parse(JSON.parse(byPath.get('package.json')?.text ?? '{}'));
  const used = new Set<string>();
  const waiting = entries(files, manifest);

  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const file = byPath.get(path);
    if (!file || used.has(path)) continue;
    used.add(path);
    if (isCode(file)) waiting.push(...targets(file, manifest), ...data(file, files));
  }
  return used;
}

function entries(files: readonly SourceFile[], { bin, scripts, exports }: Manifest): string[] {
  const built = [...Object.values(bin), ...Object.values(exports)]
    .flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)))
    .map((target) => target.replace('./dist/', 'src/').replace(/(\.d\.ts|\.js)$/, '.ts'));
  const run = Object.values(scripts).flatMap((line) => line.match(/[\w./-]+\.[cm]?[jt]s/g) ?? []);
  const found = files
    .map(({ path }) => path)
    .filter((path) => path.endsWith('.test.ts') || /^([^/]+|\.ci\/.*)$/.test(path));
  return [...built, ...run, ...found];
}

/** Whatever the file may mean by its imports and its strings; what does not exist is passed over. */
function targets(file: SourceFile, { imports }: Manifest): string[] {
  const folder = posix.dirname(file.path);
  return [...importsOf(file).map(({ from }) => from), ...stringsOf(file)].flatMap((name) => {
    if (name.startsWith('#')) return throughDoor(name, imports);
    if (name.length > 200 || /[\n*]/.test(name)) return [];
    const near = posix.join(folder, name);
    return [near, `${near}.ts`, posix.normalize(name)];
  });
}

function throughDoor(name: string, doors: Record<string, string>): string[] {
  return Object.entries(doors).flatMap(([door, target]) => {
    const [before = '', after] = door.split('*');
    if (after === undefined) return name === door ? [posix.normalize(target)] : [];
    return name.startsWith(before) && name.endsWith(after)
      ? [posix.normalize(target.replace('*', name.slice(before.length)))]
      : [];
  });
}

/** Fixtures that are data are opened by the end of their path; and of a folder (two deep) that is named all is used. */
function data(file: SourceFile, files: readonly SourceFile[]): string[] {
  const names = stringsOf(file)
    .map((name) => name.replace(/^(\.\.?\/)+|\/$/g, ''))
    .filter((name) => /^[\w./-]{3,}$/.test(name));
  const isOpened = (path: string) => (name: string) =>
    (DATA.test(path) && (path === name || path.endsWith(`/${name}`))) ||
    (path.startsWith('fixtures/') && name.split('/').length >= 2 && path.startsWith(`${name}/`));
  return files.map(({ path }) => path).filter((path) => names.some(isOpened(path)));
}
