import { cp, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type Asked, folderOf, type Judge, type Judgement } from '#workshop';
import { createGround, type Ground } from '#workshop/commands/ground';
import { runWorkshop } from '#workshop/commands/run';
import { folderHash, LOCK_PATH, lockText, testHash } from '#workshop/learner/lock';
import { readTree } from '../../house/tree.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A copy of this repository that a learner may spoil: nobody's own `my/` is touched. */
export interface Copy extends AsyncDisposable {
  readonly root: string;
  readonly path: (...names: string[]) => string;
}

/** @param exercises folders of those that are copied */
export async function copyRepository(exercises: readonly string[]): Promise<Copy> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'press twice-workshop-')));
  const parts = ['package.json', 'package-lock.json', 'tsconfig.json', 'src', 'exercises/rig'];
  for (const part of [...parts, ...exercises.map((folder) => `exercises/${folder}`)]) {
    await cp(join(ROOT, part), join(root, part), { recursive: true });
  }
  await symlink(await realpath(join(ROOT, 'node_modules')), join(root, 'node_modules'));
  const own = readTree().filter(({ path }) => exercises.some((one) => path.includes(`/${one}/`)));
  await writeFile(join(root, LOCK_PATH), lockText(own));
  return {
    root,
    path: (...names) => join(root, ...names),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  };
}

/** Command lines of the workshop in a copy, in this process; one judge serves them all, and judges the same files once. */
export function learnerIn({ root }: Copy) {
  let shared: Ground | undefined;
  const stays = { async [Symbol.asyncDispose]() {} };
  const remember = memoryOf(root);
  const groundOn: typeof createGround = (options) => {
    const { signal: _ends, ...rest } = options;
    const ground = (shared ??= createGround({ ...rest, signal: new AbortController().signal }));
    return { ...ground, ...stays, judge: async (like) => remember(await ground.judge(like)) };
  };
  return {
    async types(...args: readonly string[]) {
      const [output, errors] = [heard(), heard()];
      const exitCode = await runWorkshop(['node', 'workshop', ...args], {
        input: Object.assign(new PassThrough(), { isTTY: false, setRawMode() {} }),
        output: output.stream as unknown as NodeJS.WriteStream,
        errors: errors.stream,
        root,
        groundOn,
      });
      return { exitCode, stdout: output.text(), stderr: errors.text() };
    },
    async [Symbol.asyncDispose]() {
      await shared?.[Symbol.asyncDispose]();
    },
  };
}

/** Makes of a judge one that says of the same test with the same files what was said before. */
function memoryOf(root: string): (judge: Judge) => Judge {
  const known = new Map<string, Promise<readonly Judgement[]>>();
  return (judge) => {
    const judgeOne = async (asked: Asked) => {
      const { exercise, variant } = asked;
      const files = folderHash(join(root, folderOf(exercise, variant)));
      const key = `${testHash(exercise, root)} ${files}`;
      const judged = known.get(key) ?? judge.judge([asked]);
      known.set(key, judged);
      return (await judged).map((judgement) => ({ ...judgement, ...asked }));
    };
    return { ...judge, judge: async (all) => (await Promise.all(all.map(judgeOne))).flat() };
  };
}

function heard() {
  const stream = new PassThrough();
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return {
    stream,
    text: () => `${text}${stream.read() ?? ''}`,
  };
}
