import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '#config';
import { fingerprint } from '#idempotency';
import { type FlowDefinition, FlowFileError, readFlowFile } from '#systems/flows';

/**
 * The flows of a folder, by name: its `.json`, `.yaml` and `.yml` files, and not those of the folders in it. Two files may
 * have one flow, where they say the same.
 *
 * @param folder that of the package unless told
 * @throws {FlowFileError} with the place in the file
 * @throws {ConfigError} there is no such folder
 */
export async function readFlowCatalog(
  folder = PACKAGED_FLOWS,
): Promise<ReadonlyMap<string, FlowDefinition>> {
  const catalog = new Map<string, FlowDefinition>();
  for (const file of await flowFilesIn(resolve(folder))) {
    const definition = await readFlowFile(file);
    const { name } = definition;
    const known = catalog.get(name) ?? definition;
    if (fingerprint(known) !== fingerprint(definition)) {
      const message = `another file of this folder has another flow "${name}"`;
      throw new FlowFileError(file, [{ line: 1, column: 1, message }]);
    }
    catalog.set(name, known);
  }
  return catalog;
}

/** Source and build are equally deep, so the way to the fixtures is the same from both. */
const PACKAGED_FLOWS = fileURLToPath(new URL('../../fixtures/flows', import.meta.url));

async function flowFilesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(
    (cause: NodeJS.ErrnoException) => {
      throw new ConfigError([`FLOWS_DIR: ${folder} cannot be read (${cause.code})`]);
    },
  );
  return entries
    .filter((entry) => !entry.isDirectory() && /\.(json|ya?ml)$/i.test(entry.name))
    .map(({ name }) => join(folder, name))
    .toSorted();
}
