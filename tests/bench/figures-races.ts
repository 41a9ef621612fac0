import { type Figure, openServer } from './figure.ts';
import { raceOnOneOrder } from './race.ts';

const RACES = 30;

export async function figuresOfRaces(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const settings of ['brisk', 'default'] as const) {
    await using server = await openServer(settings);
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
  return figures;
}
