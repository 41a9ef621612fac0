import { type Finding, isSuccess, judge, notTestable, told } from '../findings.ts';
import type { Exchange, Probe } from '../probe.ts';
import type { Answer } from '../wire/answer.ts';
import type { Experiment } from './experiment.ts';

/** What all answers of the run say together. It comes after all other experiments. */
export const transcript: Experiment = {
  isQuick: true,
  rules: ['D03', 'D04', 'D05', 'D06', 'D10'],
  async run({ exchanges }: Probe) {
    return {
      D03: problems(exchanges),
      D04: leaks(exchanges),
      D05: faults(exchanges),
      D06: resultHeaders(exchanges),
      D10: retryAfter(exchanges),
    };
  },
};

/** A refusal without a body, such as an HTTP parser's, says nothing that could be a problem document. */
function problems(exchanges: readonly Exchange[]): Finding {
  const errors = exchanges
    .map(({ answer }) => answer)
    .filter(({ status, body }) => status >= 400 && body !== '');
  if (errors.length === 0) return notTestable('no error has a body');
  const other = errors.filter((answer) => !isProblem(answer));
  const [example] = other;
  return judge({
    seen: `${errors.length} of ${errors.length} errors`,
    flaws: [
      example !== undefined &&
        `${other.length} of ${errors.length} errors are not, such as ${told(example)} ${example.headers['content-type'] ?? 'without a content type'}`,
    ],
  });
}

function isProblem({ status, headers, body }: Answer): boolean {
  if (!/^application\/problem\+json\b/i.test(headers['content-type'] ?? '')) return false;
  try {
    const problem = JSON.parse(body) as Record<string, unknown>;
    return (
      typeof problem.type === 'string' &&
      typeof problem.title === 'string' &&
      problem.status === status
    );
  } catch {
    return false;
  }
}

const LEAKS = [
  /\bat [^\n]{1,200}:\d+:\d+\)?/,
  /Traceback \(most recent call last\)|File "[^"]+", line \d+/,
  /goroutine \d+ \[|\b[\w$.]+\([\w$]+\.java:\d+\)/,
  /(?:\/(?:home|usr|var|srv|opt|app|root|work|workspace|tmp|Users|node_modules)\/|[A-Z]:\\\\?)[\w.@/\\-]+/,
];

/** What a client has sent and gets back is an echo, and no leak. */
function leaks(exchanges: readonly Exchange[]): Finding {
  for (const { sent, answer } of exchanges) {
    if (answer.status < 400) continue;
    const leak = LEAKS.map((pattern) => pattern.exec(answer.body)?.[0]).find(
      (text) => text !== undefined && !sent.includes(text),
    );
    if (leak === undefined) continue;
    const seen = leak.slice(0, 80).replaceAll(/\s+/g, ' ');
    return judge({ seen: '', flaws: [`a body of status ${answer.status} shows "${seen}"`] });
  }
  return judge({ seen: 'no stack, no path' });
}

function faults(exchanges: readonly Exchange[]): Finding {
  const faulty = exchanges.filter(({ answer }) => answer.status >= 500);
  const [example] = faulty;
  const to = example?.sent.split('\r\n', 1)[0]?.slice(0, 100);
  return judge({
    seen: `${exchanges.filter(({ answer }) => answer.status > 0).length} answers`,
    flaws: [
      example !== undefined &&
        `${faulty.length} of ${exchanges.length} requests, such as ${example.answer.status} to ${to}`,
    ],
  });
}

function resultHeaders(exchanges: readonly Exchange[]): Finding {
  const answers = exchanges.map(({ answer }) => answer);
  const powered = answers.find((answer) => 'x-powered-by' in answer.headers);
  const results = exchanges
    .filter(({ method }) => method === 'POST')
    .map(({ answer }) => answer)
    .filter(isSuccess);
  const cacheable = results.filter(
    (answer) => !/\bno-store\b/i.test(answer.headers['cache-control'] ?? ''),
  );
  return judge({
    seen: 'neither tells nor caches',
    flaws: [
      powered && `X-Powered-By: ${powered.headers['x-powered-by']}`,
      cacheable.length > 0 && `${cacheable.length} results without Cache-Control: no-store`,
    ],
  });
}

/** A 409 may also be a mismatch; only one that a replay gets later says that the key was outstanding. */
function retryAfter(exchanges: readonly Exchange[]): Finding {
  const successes = new Set(
    exchanges.filter(({ answer }) => isSuccess(answer)).map(({ sent }) => sent),
  );
  const outstanding = exchanges.filter(
    ({ answer, sent }) => answer.status === 409 && successes.has(sent),
  );
  if (outstanding.length === 0) return notTestable('no request met an outstanding key');
  const silent = outstanding.filter(({ answer }) => !('retry-after' in answer.headers)).length;
  return judge({
    seen: `${outstanding.length} of ${outstanding.length} answers of 409`,
    flaws: [silent > 0 && `${silent} of ${outstanding.length} answers of 409 have none`],
  });
}
