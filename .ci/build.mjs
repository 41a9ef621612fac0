/**
 * Builds dist/: plain JavaScript and types, because Node does not load `.ts` from node_modules.
 *
 * dist/ gets a package.json of its own, so that the doors (`#idempotency`, …) lead into dist/ there.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

rmSync('dist', { recursive: true, force: true });
mkdirSync('dist');
const { bin, imports } = JSON.parse(readFileSync('package.json', 'utf8'));
writeJson('dist/package.json', { type: 'module', imports: doorsIntoDist(imports) });
writeJson('dist/tsconfig.json', {
  extends: '../tsconfig.json',
  compilerOptions: { noEmit: false, declaration: true, rootDir: '../src', outDir: '.' },
  include: ['../src'],
  // It works in a clone of the repository, on exercises that are not packed.
  exclude: ['../src/workshop'],
});

const tsc = spawnSync('node_modules/.bin/tsc', ['-p', 'dist/tsconfig.json'], { stdio: 'inherit' });
if (tsc.status !== 0) process.exit(1);

rmSync('dist/tsconfig.json');
for (const command of Object.values(bin)) chmodSync(command, 0o755);

/** `./src/idempotency/index.ts` is `./idempotency/index.js` in dist. What is not built has no door there. */
function doorsIntoDist(doors) {
  return Object.fromEntries(
    Object.entries(doors)
      .filter(([, target]) => target.startsWith('./src/') && !target.includes('/workshop/'))
      .map(([door, target]) => [door, target.replace('./src/', './').replace(/\.ts$/, '.js')]),
  );
}

function writeJson(path, content) {
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`);
}
