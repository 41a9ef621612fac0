/**
 * What is in a workflow's bundle is replayed: it has to come to the same each time.
 *
 * The rule about imports reads the source; this one builds each bundle and reads what went into it.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBundle } from './bundle.ts';
import { isReplaySafe } from './rules/workflows.ts';
import { listTree, type Planted, ROOT } from './tree.ts';

const WORKFLOWS = listTree().filter((path) =>
  /^src\/(systems\/[^/]+|server)\/workflows\.ts$/.test(path),
);

describe('the bundle of a workflow', () => {
  it.each(WORKFLOWS)('%s holds replay-safe modules alone', async (path) => {
    const { modules, refusal } = await readBundle(join(ROOT, path), ROOT);

    expect(refusal).toBeUndefined();
    expect(modules, 'modules').toContain(path);
    expect(modules.filter((module) => !isReplaySafe(module))).toEqual([]);
  });

  it('BAD an activity in the bundle is found', async () => {
    using planted = plantOnDisk({
      'src/systems/fees/workflows.ts': `export { act } from './activities.ts';`,
      'src/systems/fees/activities.ts': `export const act = () => Date.now();`,
    });
    const { modules } = await readBundle(planted.workflows, planted.root);

    expect(modules.filter((module) => !isReplaySafe(module))).toEqual([
      'src/systems/fees/activities.ts',
    ]);
  });

  it('BAD a digest of Node in the bundle is refused', async () => {
    using planted = plantOnDisk({
      'src/systems/fees/workflows.ts': `import { randomUUID } from 'node:crypto';
        export const act = () => randomUUID();`,
    });
    const { refusal } = await readBundle(planted.workflows, planted.root);

    expect(refusal).toContain('node:crypto');
  });
});

function plantOnDisk(tree: Planted) {
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'press-twice-house-'));
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return {
    root,
    workflows: join(root, 'src/systems/fees/workflows.ts'),
    [Symbol.dispose]: () => rmSync(root, { recursive: true }),
  };
}
