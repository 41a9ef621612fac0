import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { ROOT } from '../exercise.ts';

/**
 * Type errors in the files of a folder, a line each. It never fails: a claim says more than a type, and none waits for this.
 *
 * @param folder absolute
 */
export type TypeCheck = (folder: string, signal: AbortSignal) => Promise<readonly string[]>;

/**
 * A type check by this repository's own compiler and rules, without those about names that nobody uses: half-written code is
 * full of them. Where it was too slow twice in a row it is left out from then on.
 */
export function createTypeCheck({
  root = ROOT,
  tooSlowMs = 15_000,
}: {
  readonly root?: string;
  readonly tooSlowMs?: number;
} = {}): TypeCheck {
  let slow = 0;
  return async (folder, signal) => {
    if (slow >= 2 || signal.aborted) return [];
    try {
      const project = await projectFor(folder, root);
      const { said, late } = await compile(project, { root, signal, timeout: tooSlowMs });
      slow = late ? slow + 1 : 0;
      return signal.aborted || late ? [] : errorsIn(said, relative(root, folder));
    } catch {
      return [];
    }
  };
}

/** A project of this folder alone, which remembers what it has seen: a third of the work from the second time on. */
async function projectFor(folder: string, root: string): Promise<string> {
  const own = join(root, '.workshop');
  const project = join(own, 'tsconfig.json');
  await mkdir(own, { recursive: true });
  await writeFile(
    project,
    JSON.stringify({
      extends: '../tsconfig.json',
      compilerOptions: {
        noUnusedLocals: false,
        noUnusedParameters: false,
        incremental: true,
        tsBuildInfoFile: 'types.tsbuildinfo',
      },
      include: [relative(own, folder)],
    }),
  );
  return project;
}

function compile(
  project: string,
  { root, signal, timeout }: { root: string; signal: AbortSignal; timeout: number },
): Promise<{ readonly said: string; readonly late: boolean }> {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [compiler, '--noEmit', '--pretty', 'false', '--project', project],
      { cwd: root, signal, timeout },
      (error, said) => resolve({ said, late: error?.killed === true && !signal.aborted }),
    );
  });
}

/** `my/01-a/fees.ts(3,7): error TS2322: Type …`; what is told further in belongs to the line before. */
function errorsIn(said: string, folder: string): readonly string[] {
  return said.split('\n').flatMap((text) => {
    const [, path, line, message] =
      /^(.+)\((\d+),\d+\): error TS\d+: (.+)$/.exec(text.trim()) ?? [];
    return path?.startsWith(`${folder}/`) ? [`${path}:${line} ${message}`] : [];
  });
}
