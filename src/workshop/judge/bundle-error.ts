import { readdir, readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { folderOf } from '../exercise.ts';
import type { Judgement, Stopped } from '../judgement.ts';

/**
 * A judgement that stopped because workflows cannot be bundled, with the import that is the reason. The bundler prints its
 * reasons where nobody sees them, and throws that it has printed them.
 */
export async function explained(judgement: Judgement, root: string): Promise<Judgement> {
  const { exercise, variant, stopped } = judgement;
  if (!stopped?.message.startsWith('Webpack finished with errors')) return judgement;
  const reason = await bundleErrorIn(folderOf(exercise, variant), root);
  return reason ? { ...judgement, stopped: reason } : judgement;
}

async function bundleErrorIn(folder: string, root: string): Promise<Stopped | undefined> {
  const names = await readdir(join(root, folder)).catch(() => []);
  for (const name of names.filter((file) => file.endsWith('.ts')).toSorted()) {
    const path = join(folder, name);
    const text = await readFile(join(root, path), 'utf8');
    if (!text.includes('@temporalio/workflow')) continue;
    for (const { moduleRequest, start } of parseSync(name, text).module.staticImports) {
      const why = refusalOf(moduleRequest.value, names);
      if (why === undefined) continue;
      const line = text.slice(0, start).split('\n').length;
      return { name: 'BundleError', message: why, place: `${path}:${line}` };
    }
  }
  return undefined;
}

function refusalOf(name: string, files: readonly string[]): string | undefined {
  if (name.startsWith('node:') || builtinModules.includes(name)) {
    return `a workflow is replayed, so it cannot have ${name}: do it in an activity`;
  }
  if (name.startsWith('./') && !files.includes(name.slice(2))) return `there is no ${name} here`;
  return undefined;
}
