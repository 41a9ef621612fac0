import { setTimeout as wait } from 'node:timers/promises';
import { type Finding, isSuccess, judge, notTestable, tally, told } from '../findings.ts';
import type { Probe } from '../probe.ts';
import type { Answer } from '../wire/answer.ts';
import { begin, type Experiment, requirePathKey } from './experiment.ts';
import { refusing } from './refusals.ts';

/** Other methods, and headers that never end. */
export const METHODS: readonly Experiment[] = [
  { rules: ['D01', 'D02'], run: otherMethods },
  { rules: ['D09'], run: async (probe) => ({ D09: await statusResource(probe) }) },
  { rules: ['D08'], run: async (probe) => ({ D08: await slowHeaders(probe) }) },
];

const METHOD_NAMES = ['GET', 'PUT', 'PATCH', 'DELETE'];

async function otherMethods(probe: Probe) {
  const answers: Answer[] = [];
  const D01 = await refusing(probe, 'D01', async () => {
    for (const method of METHOD_NAMES) {
      answers.push(await probe.ask({ method, key: probe.newKey() }));
    }
    const cases = answers.map((answer, n) => [METHOD_NAMES[n] ?? '', answer] as const);
    // Where GET is served, it reads a resource that is there anyway.
    return cases.filter(([method, answer]) => method !== 'GET' || !isSuccess(answer));
  });
  const notAllowed = answers.filter(({ status }) => status === 405);
  if (notAllowed.length === 0) return { D01, D02: notTestable('nothing was answered 405') };
  const silent = notAllowed.filter(({ headers }) => headers.allow === undefined).length;
  const D02 = judge({
    seen: `Allow: ${notAllowed[0]?.headers.allow}`,
    flaws: [silent > 0 && `${silent} of ${notAllowed.length} have no Allow`],
  });
  return { D01, D02 };
}

async function statusResource(probe: Probe): Promise<Finding> {
  requirePathKey(probe.settings);
  const unused = await probe.ask({ method: 'GET', key: probe.newKey() });
  const { key } = await begin(probe);
  const { value, effects } = await probe.during(async () => ({
    get: await probe.ask({ method: 'GET', key }),
    head: await probe.ask({ method: 'HEAD', key }),
  }));
  const { get, head } = value;
  if (get.status === 405 || get.status === 404) return notTestable('there is none at this path');
  return judge({
    seen: `${told(unused)} before, ${told(get)} after`,
    flaws: [
      unused.status !== 404 && `${told(unused)} before anybody had asked`,
      get.status !== 200 && `${told(get)} after`,
      head.status !== get.status && `GET and HEAD do not agree: ${tally([get, head])}`,
    ],
    effects: { seen: effects, wanted: 0 },
    byAnswers: true,
  });
}

/** A header line now and then, for longer than any server should wait. */
async function slowHeaders(probe: Probe): Promise<Finding> {
  const { slow, signal } = probe.settings;
  if (!slow) return notTestable('it takes up to 100 s: ask for it with --slow');
  using connection = await probe.connect();
  const { head } = probe.bytes({ key: probe.newKey() });
  await connection.send(head.subarray(0, -2));
  const answer = connection.answer({ withinMs: LONGEST_MS });
  for (;;) {
    const closed = await Promise.race([answer, wait(DRIBBLE_MS, undefined, { signal })]);
    if (closed !== undefined) {
      const isOpen = closed.why === 'timed out';
      return judge({ seen: told(closed), flaws: [isOpen && 'still open after 100 s'] });
    }
    void connection.send('X-Slow: yes\r\n');
  }
}

const LONGEST_MS = 100_000;
const DRIBBLE_MS = 250;
