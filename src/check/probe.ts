import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type Counting, createCounting } from './counting.ts';
import { createEffectReader, type EffectReader } from './effects.ts';
import { isSuccess } from './findings.ts';
import type { Header, Settings } from './options.ts';
import { type Asked, type RequestBytes, requestOf } from './request.ts';
import type { Answer } from './wire/answer.ts';
import { type Connection, createWire } from './wire/connection.ts';

/** One request and its answer, for the rules about all of them. */
export interface Exchange {
  readonly method: string;
  /** What was sent, to tell an echo from a leak. */
  readonly sent: string;
  readonly answer: Answer;
}

/** What the first experiment learns of the endpoint, for those after it. */
interface Facts {
  /** Two keys get two answers, so that an answer tells its key. */
  answersTell: boolean;
  /** The header that tells a replay from a first answer. */
  replayMark: Header | undefined;
  /** What one effect takes off the balance; undefined where it takes nothing off, or nobody can see it. */
  cost: number | undefined;
}

/** What experiments are made with. */
export interface Probe extends Counting, Disposable {
  readonly settings: Settings;
  readonly reader: EffectReader | undefined;
  readonly exchanges: readonly Exchange[];
  readonly facts: Facts;
  /** A key that nobody has used. */
  newKey(): string;
  connect(): Promise<Connection>;
  bytes(asked?: Asked): RequestBytes;
  /** Notes an answer that was got on a connection of the experiment's own. */
  note(answer: Answer, asked?: Asked): Answer;
  /** One request on a connection of its own. */
  ask(asked?: Asked): Promise<Answer>;
  /** Whether an answer is marked as a replay. */
  isReplay(answer: Answer): boolean;
  /** The same again and again until the answer is one that stays: a patient client. */
  askUntilDone(asked: Asked): Promise<Answer>;
}

export function createProbe(settings: Settings): Probe {
  const { place, timeoutMs, signal } = settings;
  const wire = createWire(place, timeoutMs, signal);
  const exchanges: Exchange[] = [];
  const facts: Facts = { answersTell: false, replayMark: undefined, cost: undefined };
  const reader = createEffectReader(settings);

  const note: Probe['note'] = (answer, asked = {}) => {
    const { head, body } = requestOf(settings, asked);
    const sent = `${head.toString()}${body.toString('utf8', 0, 4096)}`;
    exchanges.push({ method: asked.method ?? 'POST', sent, answer });
    return answer;
  };
  const askOnce = async (asked: Asked = {}) => {
    using connection = await wire.connect();
    const { head, body } = requestOf(settings, asked);
    void connection.send(Buffer.concat([head, body]));
    const answer = await connection.answer({ bodiless: asked.method === 'HEAD' });
    signal.throwIfAborted();
    return note(answer, asked);
  };
  const ask = (asked?: Asked) => throughLimit(() => askOnce(asked), signal);

  return {
    settings,
    reader,
    exchanges,
    facts,
    isReplay({ headers }) {
      const [name = '', value] = facts.replayMark ?? [];
      return value !== undefined && headers[name] === value;
    },
    ...createCounting({ settings, reader, exchanges }),
    newKey: randomUUID,
    connect: wire.connect,
    bytes: (asked) => requestOf(settings, asked),
    note,
    ask,
    askUntilDone: (asked) => untilDone(() => ask(asked), settings),
    [Symbol.dispose]: wire[Symbol.dispose],
  };
}

/** A storm of new keys may be turned away: then the check comes back when it is told to. */
async function throughLimit(ask: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await ask();
    const seconds = Number(answer.headers['retry-after'] ?? 1);
    if (answer.status !== 429 || tries === 4 || !(seconds <= LONGEST_LIMIT_SECONDS)) return answer;
    await wait(seconds * 1000, undefined, { signal });
  }
}

const LONGEST_LIMIT_SECONDS = 5;

/** Answers that say: not yet. */
const NOT_YET = new Set([0, 408, 409, 425, 429, 503]);

async function untilDone(
  ask: () => Promise<Answer>,
  { timeoutMs, signal }: Settings,
): Promise<Answer> {
  const until = performance.now() + timeoutMs;
  for (let pauseMs = 10; ; pauseMs = Math.min(2 * pauseMs, 500)) {
    const answer = await ask();
    if (isSuccess(answer) || !NOT_YET.has(answer.status)) return answer;
    if (performance.now() + pauseMs > until) return answer;
    await wait(pauseMs, undefined, { signal });
  }
}
