import type { Figure } from './figure.ts';
import { runCommand } from './run-command.ts';

export async function figuresOfCommands(): Promise<readonly Figure[]> {
  // Without npm in between, which has some 55 MB of its own.
  const start = await runCommand(
    [process.execPath, '--import', 'tsx/esm', 'src/cli/main.ts', 'start'],
    /The first order: PROOF OF IDEMPOTENCY/,
  );
  const test = await runCommand(['npm', 'test'], /Tests /);
  return [
    { what: 'npm start, first proof', figure: `${start.matchedS.toFixed(1)} s`, limit: '5 s' },
    { what: 'npm start, whole batch', figure: `${start.tookS.toFixed(1)} s`, limit: '15 s' },
    { what: 'npm start, memory with the server', figure: `${start.peakMb} MB`, limit: '600 MB' },
    {
      what: `npm test, exit code ${test.exitCode}`,
      figure: `${test.tookS.toFixed(1)} s`,
      limit: '300 s',
    },
  ];
}
