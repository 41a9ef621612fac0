import { flowJsonSchema } from '#systems/flows';
import type { ExitCode } from './index.ts';

/** `press-twice flow schema`: JSON Schema of a definition, for an editor. */
export async function printFlowSchema(): Promise<ExitCode> {
  process.stdout.write(`${JSON.stringify(flowJsonSchema(), null, 2)}\n`);
  return 0;
}
