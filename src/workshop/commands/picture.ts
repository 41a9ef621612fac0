import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadConfig } from '#config';
import { type PictureClaim, type PictureFacts, type PictureSide, renderPicture } from '#report';
import { lookForCli } from '#temporal/cli/look';
import { needsTemporal, ROOT, type Variant } from '../exercise.ts';
import type { Judgement } from '../judgement.ts';

export interface PictureOptions {
  readonly root?: string;
  /** The version of the server that was judged with. Default: that of the CLI which is found here. */
  readonly server?: string;
}

/**
 * Writes `report/01-double-deduction.html`: what was recorded of the last judgement, under what was recorded of the
 * starter where that was judged before it. A claim is found by its code: `….html#ONE-DEDUCTION`.
 *
 * @returns the path of the page, from the root of the repository
 * @throws {RangeError} there is no judgement
 */
export async function writePicture(
  judgements: readonly Judgement[],
  { root = ROOT, server }: PictureOptions = {},
): Promise<string> {
  const after = judgements.at(-1);
  if (!after) throw new RangeError('No judgement to draw: judge an exercise first');
  const before = judgements.slice(0, -1).find(({ variant }) => variant === 'starter');
  const { number, title, story, folder } = after.exercise;
  const page = renderPicture({
    title: `${String(number).padStart(2, '0')} · ${title}`,
    story,
    ...(before && { before: sideOf(before) }),
    after: sideOf(after),
    facts: await factsOf(after, root, server),
  });
  const path = join('report', `${folder}.html`);
  await mkdir(join(root, 'report'), { recursive: true });
  await writeFile(join(root, path), page);
  return path;
}

function sideOf({ variant, evidence, claims, notReached, stopped }: Judgement): PictureSide {
  return {
    name: nameOf(variant),
    evidence,
    claims: [...claims, ...notReached.map(unreached)],
    ...(stopped && { stopped: `${stopped.name}: ${stopped.message}` }),
  };
}

function nameOf(variant: Variant): string {
  if (variant === 'my') return 'what you wrote';
  return variant.startsWith('wrong-') ? `the wrong turn ${variant.slice(6)}` : `the ${variant}`;
}

/** A claim that was never made does not hold. */
function unreached(code: string): PictureClaim {
  return { code, says: '', got: 'not reached', wanted: '', holds: false, reached: false };
}

async function factsOf(
  { exercise, evidence }: Judgement,
  root: string,
  server: string | undefined,
): Promise<PictureFacts> {
  const [recorded] = evidence;
  const at = recorded?.requests[0]?.sent.at ?? recorded?.attempts[0]?.started.at ?? Date.now();
  const seed = recorded?.before.seed;
  const version = needsTemporal(exercise, root) ? (server ?? (await serverVersion())) : undefined;
  return {
    commit: await commitOf(root),
    server: version === undefined ? 'no Temporal server' : `Temporal server ${version}`,
    sdk: `TypeScript SDK ${await sdkVersion()}`,
    date: `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    ...((typeof seed === 'number' || typeof seed === 'string') && { seed: `${seed}` }),
  };
}

/** Its short name; `-dirty` where files of the repository differ from it. */
async function commitOf(root: string): Promise<string> {
  const asked = promisify(execFile)('git', ['describe', '--always', '--dirty', '--exclude=*'], {
    cwd: root,
  });
  return await asked.then(
    ({ stdout }) => stdout.trim(),
    () => 'unknown',
  );
}

async function serverVersion(): Promise<string> {
  const found = await lookForCli({ config: loadConfig() }).catch(() => undefined);
  return found?.cli?.serverVersion ?? 'of unknown version';
}

async function sdkVersion(): Promise<string> {
  const path = createRequire(import.meta.url).resolve('@temporalio/client/package.json');
  const { version } = JSON.parse(await readFile(path, 'utf8')) as { version: string };
  return version;
}
