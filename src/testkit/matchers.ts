import type { Effect } from '#idempotency';
import type { Evidence } from './evidence.ts';
import { type ExploredTable, formatWithProblems, problemsOf } from './explore.ts';
import { overlap } from './overlap.ts';

/** What an assertion library needs to know of one comparison. */
export interface Comparison {
  readonly pass: boolean;
  readonly message: () => string;
}

export function toShareOneRunId(answers: readonly { readonly runId?: string }[]): Comparison {
  const runIds = new Set(answers.map(({ runId }) => runId ?? 'no run ID'));
  return {
    pass: answers.length > 0 && runIds.size === 1 && !runIds.has('no run ID'),
    message: () =>
      `distinct run IDs of ${answers.length} answers: expected 1, got ${runIds.size}\n${lines([...runIds])}`,
  };
}

export function toHaveEffects(effects: readonly Effect[], key: string, n: number): Comparison {
  const found = effects.filter((effect) => effect.key === key);
  return {
    pass: found.length === n,
    message: () =>
      `effects with the key "${key}": expected ${n}, got ${found.length}\n${lines(found.map(effectLine))}`,
  };
}

export function toOverlap(evidence: Evidence, n: number): Comparison {
  const most = overlap(evidence);
  const shut = evidence.gates.filter(({ opened, parties }) => parties >= n && !opened);
  return {
    pass: most >= n && shut.length === 0,
    message: () =>
      [
        `requests in flight at one instant: expected ${n}, got at most ${most}`,
        ...shut.map(
          (gate) => `gate "${gate.name}" stayed shut: ${gate.arrivals} of ${gate.parties}`,
        ),
        lines(evidence.requests.map(requestLine)),
      ].join('\n'),
  };
}

export function toHaveOneEffectEverywhere(table: ExploredTable): Comparison {
  const problems = problemsOf(table);
  return {
    pass: problems.length === 0,
    message: () =>
      `cells and activities without proof of one effect: ${problems.length}\n\n${formatWithProblems(table)}`,
  };
}

function requestLine({ client, sent, answered, outcome }: Evidence['requests'][number]): string {
  const end = answered ? `answered #${answered.order} +${answered.at - sent.at} ms` : 'in flight';
  return `${client}: sent #${sent.order}, ${end}${outcome ? `, ${outcome}` : ''}`;
}

function effectLine({ key, by, attempt, at }: Effect): string {
  return `${key} by ${by}${attempt ? `, attempt ${attempt}` : ''}, ${new Date(at).toISOString()}`;
}

function lines(items: readonly string[]): string {
  return items.length === 0 ? '  (none)' : items.map((item) => `  ${item}`).join('\n');
}
