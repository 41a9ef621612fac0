/** `npm run bench`: figures and ratios, for comparing before and after on one machine in one run. */
import { loadConfig } from '#config';
import { SEARCH_ATTRIBUTES } from '#server';
import { startDevServer } from '#temporal/dev-server';
import { raceOnOneOrder } from './race.ts';
import { runCommand } from './run-command.ts';

const RACES = 30;

interface Figure {
  readonly what: string;
  readonly figure: string;
  readonly limit: string;
}

const figures: Figure[] = [];
for (const settings of ['brisk', 'default'] as const) {
  await using server = await startDevServer({
    config: loadConfig(),
    settings,
    searchAttributes: SEARCH_ATTRIBUTES,
    onProgress: () => {},
  });
  const five = await raceOnOneOrder(server, { clients: 5, races: RACES });
  figures.push({
    what: `5 clients, barrier to 5 equal answers, median of ${RACES}, ${settings} server`,
    figure: `${five.medianMs.toFixed(1)} ms`,
    limit: settings === 'brisk' ? '40 ms' : '',
  });
  if (settings === 'brisk') {
    const many = await raceOnOneOrder(server, { clients: 500, races: 1 });
    figures.push({
      what: `500 clients on one order: ${many.runs} run, ${many.effects} effect`,
      figure: `${many.medianMs.toFixed(0)} ms`,
      limit: '1 run, 1 effect',
    });
  }
}

// Without npm in between, which has some 55 MB of its own.
const start = await runCommand(
  [process.execPath, '--import', 'tsx/esm', 'src/cli/main.ts', 'start'],
  /The first order: PROOF OF IDEMPOTENCY/,
);
const test = await runCommand(['npm', 'test'], /Tests /);
figures.push(
  { what: 'npm start, first proof', figure: `${start.matchedS.toFixed(1)} s`, limit: '5 s' },
  { what: 'npm start, whole batch', figure: `${start.tookS.toFixed(1)} s`, limit: '15 s' },
  { what: 'npm start, memory with the server', figure: `${start.peakMb} MB`, limit: '600 MB' },
  {
    what: `npm test, exit code ${test.exitCode}`,
    figure: `${test.tookS.toFixed(1)} s`,
    limit: '90 s',
  },
);
console.table(figures);
