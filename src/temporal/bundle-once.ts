import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type BundleOptions,
  bundleWorkflowCode,
  DefaultLogger,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import lockfile from 'proper-lockfile';
import type { Config } from '#config';
import { removeOld, touch, writeWhole } from './bundle-files.ts';
import { type Inputs, isUnchanged, noteInputs, wereStable } from './bundle-inputs.ts';
import { cacheFolder } from './cache-folder.ts';

/**
 * The bundle of these workflows: from an earlier time, of whichever process, where nothing that went into it has changed
 * since. Bundling costs one to two seconds of a core. What was built lies in the cache's folder `bundles`; where that
 * cannot be written, and for options that hold functions, each call builds its own.
 *
 * Its source map names file and line, and neither column nor text: each worker reads it.
 *
 * @param options as for `bundleWorkflowCode`, and a `preamble`: code in one line that runs before the bundle's own. Bundles
 *   that differ in nothing else are built once.
 * @param config `cacheDir`: the folder of the cache
 * @throws what bundling throws: the code does not compile, or imports what a workflow may not
 */
export async function bundleOnce(
  { preamble = '', ...options }: BundleOnceOptions,
  config: Pick<Config, 'cacheDir'>,
): Promise<WorkflowBundleOption> {
  const bundle = await withoutPreamble(options, config);
  return preamble === '' ? bundle : await preceded(bundle, preamble);
}

export interface BundleOnceOptions extends BundleOptions {
  readonly preamble?: string;
}

async function withoutPreamble(
  options: BundleOptions,
  config: Pick<Config, 'cacheDir'>,
): Promise<WorkflowBundleOption> {
  const { logger = new DefaultLogger('ERROR'), webpackConfigHook, plugins, ...told } = options;
  if (webpackConfigHook || plugins) return await bundleWorkflowCode({ ...options, logger });

  const place = await placeOf(told, config);
  const found = await find(place);
  if (found) return found;
  const release = await inTurn(place);
  try {
    return (await find(place)) ?? (await build({ ...told, logger }, place));
  } finally {
    await release?.();
  }
}

/** The code of a bundle, wherever it lies. */
export async function codeOf(bundle: WorkflowBundleOption): Promise<string> {
  return 'code' in bundle ? bundle.code : await readFile(bundle.codePath, 'utf8');
}

interface Place {
  readonly folder: string;
  /** The file that says what is known of the bundle. */
  readonly record: string;
}

/** Without a folder that can be made, for an account without a home say, there is none. */
async function placeOf(
  told: BundleOptions,
  config: Pick<Config, 'cacheDir'>,
): Promise<Place | undefined> {
  try {
    const folder = join(await cacheFolder(config), 'bundles');
    await mkdir(folder, { recursive: true });
    // Paths may be relative.
    const key = hashOf(JSON.stringify([process.cwd(), told]));
    return { folder, record: join(folder, `${key}.json`) };
  } catch {
    return undefined;
  }
}

interface BundleRecord {
  readonly codePath: string;
  readonly inputs: Inputs;
}

async function find(place: Place | undefined): Promise<{ readonly codePath: string } | undefined> {
  if (!place) return undefined;
  try {
    const { codePath, inputs } = JSON.parse(await readFile(place.record, 'utf8')) as BundleRecord;
    if (!isUnchanged(inputs)) return undefined;
    await touch(place.record);
    await touch(codePath);
    return { codePath };
  } catch {
    return undefined; // Never built, or removed as old.
  }
}

/** The same bundle, which is named after a hash of what is in it, with a statement before it. */
async function preceded(
  bundle: WorkflowBundleOption,
  preamble: string,
): Promise<WorkflowBundleOption> {
  if ('code' in bundle) return { code: `${preamble} ${bundle.code}` };
  const codePath = bundle.codePath.replace(/\.cjs$/, `-${hashOf(preamble)}.cjs`);
  try {
    await touch(codePath);
    return { codePath };
  } catch {
    const code = `${preamble} ${await codeOf(bundle)}`;
    return await writeWhole(codePath, code).then(
      () => ({ codePath }),
      () => ({ code }),
    );
  }
}

/** The others wait: they will find it. In a folder that cannot be written there is nothing to wait for. */
async function inTurn(place: Place | undefined): Promise<(() => Promise<void>) | undefined> {
  if (!place) return undefined;
  try {
    return await lockfile.lock(place.record, {
      realpath: false,
      retries: { forever: true, factor: 1, minTimeout: 50, maxTimeout: 50 },
      // Two may then build the same at once: wasteful, and harmless.
      onCompromised: () => {},
    });
  } catch {
    return undefined;
  }
}

async function build(
  options: BundleOptions,
  place: Place | undefined,
): Promise<WorkflowBundleOption> {
  const startedAt = Date.now();
  const inputs = noteInputs();
  const { code } = await bundleWorkflowCode({ ...options, webpackConfigHook: inputs.hook });
  const noted = inputs.noted();
  // Which of its versions went into the bundle, nobody can say.
  if (!place || !wereStable(noted, startedAt)) return { code };
  try {
    return await keep(code, noted, place);
  } catch {
    return { code }; // A full disk, or a folder that belongs to somebody else.
  }
}

/** A file is never written over: whoever has found one can read it in peace. */
async function keep(code: string, inputs: Inputs, { folder, record }: Place) {
  const codePath = join(folder, `${hashOf(code)}.cjs`);
  await writeWhole(codePath, code);
  await writeWhole(record, JSON.stringify({ codePath, inputs } satisfies BundleRecord));
  await removeOld(folder);
  return { codePath };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
