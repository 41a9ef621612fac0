import { setTimeout as wait } from 'node:timers/promises';
import { type Finding, isSuccess, judge, sameAnswer, tally, told } from '../findings.ts';
import type { Probe } from '../probe.ts';
import type { Asked } from '../request.ts';
import type { Answer } from '../wire/answer.ts';
import type { Connection } from '../wire/connection.ts';
import { type Experiment, requireAmount, UntestableError } from './experiment.ts';

/** Requests that ask at one instant. */
export const RACES: readonly Experiment[] = [
  { rules: ['A18'], run: async (probe) => ({ A18: await pipelined(probe) }) },
  { rules: ['A20'], run: async (probe) => ({ A20: await otherPayloadRacing(probe) }) },
  { rules: ['A05'], run: async (probe) => ({ A05: await crowds(probe) }) },
];

/** Each crowd under a key of its own; the first one that breaks the rule is the last one. */
async function crowds(probe: Probe): Promise<Finding> {
  const held: string[] = [];
  for (const n of probe.settings.duplicates) {
    const finding = await crowd(probe, n);
    if (finding.verdict !== 'held') return { ...finding, seen: `${n} at once: ${finding.seen}` };
    held.push(`${n} at once: ${finding.seen}`);
  }
  return judge({ seen: held.join('; ') });
}

async function crowd(probe: Probe, n: number): Promise<Finding> {
  const key = probe.newKey();
  const { value, effects } = await probe.during(async () => ({
    answers: await race(
      probe,
      Array.from({ length: n }, () => ({ key })),
    ),
    after: await probe.askUntilDone({ key }),
  }));
  const { answers, after } = value;
  const others = answers.filter(({ status }) => status !== 409);
  const odd = others.filter((answer) => !isSuccess(answer));
  const different = others.filter((answer) => isSuccess(answer) && !sameAnswer(answer, after));
  return judge({
    seen: tally(answers),
    flaws: [
      odd.length > 0 && `answered ${tally(odd)}`,
      different.length > 0 && `${different.length} were told something else than the next replay`,
      !isSuccess(after) && `the next replay was answered ${told(after)}`,
    ],
    effects: { seen: effects, wanted: 1 },
    byAnswers: probe.facts.answersTell,
  });
}

async function otherPayloadRacing(probe: Probe): Promise<Finding> {
  const { field, value: amount } = requireAmount(probe.settings);
  const key = probe.newKey();
  const racers = Array.from({ length: 10 }, (_, n): Asked => {
    return { key, members: { [field]: String(n % 2 === 0 ? amount : amount + 1) } };
  });
  const { value: answers, effects } = await probe.during(() => race(probe, racers));
  const served = [0, 1].filter((kind) => answers.some((a, n) => n % 2 === kind && isSuccess(a)));
  const isOneOfThem = effects === 1 || isAbout(effects, (amount + 1) / amount);
  return judge({
    seen: tally(answers),
    flaws: [served.length > 1 && `requests of both payloads were served (${tally(answers)})`],
    effects: { seen: isOneOfThem ? 1 : effects, wanted: 1 },
    byAnswers: served.length === 1,
  });
}

function isAbout(seen: number | undefined, wanted: number): boolean {
  return seen !== undefined && Math.abs(seen - wanted) < 1e-5;
}

/**
 * Sends each request on a connection of its own but for its last byte, and the last bytes in one go: the closest that
 * clients can come to asking at one instant.
 */
async function race(probe: Probe, racers: readonly Asked[]): Promise<readonly Answer[]> {
  const requests = racers.map((asked) => {
    const { head, body } = probe.bytes(asked);
    return { asked, bytes: Buffer.concat([head, body]) };
  });
  const connections = await Promise.all(racers.map(() => probe.connect()));
  try {
    await Promise.all(
      connections.map((connection, n) => connection.send(bytesOf(requests[n]).subarray(0, -1))),
    );
    await untilRead(probe);
    const answers = connections.map((connection) => connection.answer());
    for (const [n, connection] of connections.entries()) {
      void connection.send(bytesOf(requests[n]).subarray(-1));
    }
    const got = await Promise.all(answers);
    requireThatAllRaced(got);
    return got.map((answer, n) => probe.note(answer, racers[n]));
  } finally {
    endAll(connections);
  }
}

/** Whoever never came, or was turned away for coming too often, has not asked at the same instant. */
function requireThatAllRaced(answers: readonly Answer[]): void {
  const absent = answers.filter(({ why }) => why === 'no connection').length;
  if (absent > 0) {
    throw new UntestableError(`${absent} of ${answers.length} connections could not be opened`);
  }
  const turnedAway = answers.filter(({ status }) => status === 429).length;
  if (turnedAway > 0) {
    throw new UntestableError(
      `${turnedAway} were turned away with 429: raise the rate limit for this`,
    );
  }
}

/**
 * What has left this process has still to be read over there: heads and all, before the last bytes come. In several
 * waits, because a server in this very process reads between them; and until five in a row were on time, because a
 * machine that is busy reads later.
 */
async function untilRead({ settings: { signal } }: Probe): Promise<void> {
  let onTime = 0;
  for (let turn = 0; turn < 100 && onTime < 5; turn += 1) {
    const began = performance.now();
    await wait(5, undefined, { signal });
    onTime = performance.now() - began < 10 ? onTime + 1 : 0;
  }
}

function bytesOf(request: { readonly bytes: Buffer } | undefined): Buffer {
  return request?.bytes ?? Buffer.alloc(0);
}

function endAll(connections: readonly Connection[]): void {
  for (const connection of connections) connection[Symbol.dispose]();
}

async function pipelined(probe: Probe): Promise<Finding> {
  const key = probe.newKey();
  const { value, effects } = await probe.during(async () => {
    using connection = await probe.connect();
    const [one, two] = [probe.bytes({ key, keepAlive: true }), probe.bytes({ key })];
    await connection.send(Buffer.concat([one.head, one.body, two.head, two.body]));
    const first = probe.note(await connection.answer(), { key });
    // A server may close after the first answer: then the second request was not served.
    const second = await connection.answer();
    if (second.status !== 0) probe.note(second, { key });
    return { first, second, after: await probe.askUntilDone({ key }) };
  });
  const { first, second, after } = value;
  const odd = [first, second].filter(
    (answer) => answer.status !== 0 && answer.status !== 409 && !sameAnswer(answer, after),
  );
  return judge({
    seen: tally([first, second]),
    flaws: [
      odd.length > 0 && `${odd.length} of 2 were told something else than the next replay`,
      !isSuccess(after) && `the next replay was answered ${told(after)}`,
    ],
    effects: { seen: effects, wanted: 1 },
    byAnswers: probe.facts.answersTell,
  });
}
