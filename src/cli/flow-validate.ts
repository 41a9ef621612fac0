import { type FlowDefinition, FlowFileError, readFlowFile } from '#systems/flows';
import type { ExitCode } from './index.ts';

/**
 * `press-twice flow validate FILE`: 0 where the flow can be run. Else 1, with one line a problem on stderr:
 * `FILE:LINE:COLUMN: what`. That is the answer to what was asked, and no wrong use.
 */
export async function validateFlow(file: string): Promise<ExitCode> {
  let definition: FlowDefinition;
  try {
    definition = await readFlowFile(file);
  } catch (error) {
    if (!(error instanceof FlowFileError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
  const { name, version, steps } = definition;
  const count = Object.keys(steps).length;
  process.stdout.write(
    `${file}: ${name} ${version}, ${count} step${count === 1 ? '' : 's'}: nothing is wrong\n`,
  );
  return 0;
}
