import { fingerprint } from '#idempotency';
import { drawFlow, type FlowState, readFlowFile } from '#systems/flows';
import type { ExitCode } from './index.ts';

/**
 * `press-twice flow draw FILE`: a flowchart in Mermaid, on stdout.
 *
 * @param run whose path is marked
 * @throws {FlowFileError}
 * @throws {OtherFlowError}
 */
export async function drawFlowFile(file: string, run?: FlowState): Promise<ExitCode> {
  const definition = await readFlowFile(file);
  if (run !== undefined && run.definition_hash !== fingerprint(definition)) {
    throw new OtherFlowError(file, run);
  }
  process.stdout.write(drawFlow(definition, run));
  return 0;
}

/** The run goes through another definition than the one that is drawn: its path would be drawn where it is not. */
export class OtherFlowError extends Error {
  override readonly name = 'OtherFlowError';

  constructor(file: string, { flow, version }: Pick<FlowState, 'flow' | 'version'>) {
    super(
      `${file} is not what the run goes through, which is another content of ${flow} ${version}`,
    );
  }
}
