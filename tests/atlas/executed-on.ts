import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ExecutedOn } from '#atlas';
import { serverVersion } from '#temporal/look-at-server';
import type { Temporal } from '#testkit';
import { ROOT } from '../house/tree.ts';

/** From the root of the repository. */
export const EXECUTED_ON_PATH = 'fixtures/atlas/executed-on.json';

/** The server that answers, and the SDK that asks. */
export async function lookAtParts({ client }: Pick<Temporal, 'client'>): Promise<ExecutedOn> {
  const { version: sdk } = createRequire(import.meta.url)('@temporalio/client/package.json') as {
    readonly version: string;
  };
  return { server: await serverVersion(client), sdk };
}

export function writeExecutedOn({ server, sdk }: ExecutedOn): void {
  writeFileSync(join(ROOT, EXECUTED_ON_PATH), `{ "server": "${server}", "sdk": "${sdk}" }\n`);
}

export function partsInWords({ server, sdk }: ExecutedOn): string {
  return `Temporal server ${server}, TypeScript SDK ${sdk}`;
}
