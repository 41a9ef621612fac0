/**
 * Chapter 35. The same ID again
 *
 * Claim     One intent is one run under REJECT_DUPLICATE alone, and with USE_EXISTING whoever asks while it is open gets
 *           that run.
 * Method    A workflow ID is asked for again through each of the four calls that start a workflow, under each pair of
 *           policies, while each of nine things is under it: 585 cells, executed by `npm run atlas`, and 90 of them here.
 * Evidence  The last run under the ID and the status of the one before, as the server tells them.
 * Control   No policy written out: each of the four calls starts a second run when the first has closed.
 */
import { describe, expect } from 'vitest';
import {
  type Api,
  executePolicies,
  POLICY_QUESTIONS,
  type PolicyCell,
  type PolicyQuestion,
  PRIORS,
  type Prior,
  policyWorkerOptions,
  readPolicies,
} from '#atlas';
import { it } from '#testkit/vitest';

const ATLAS = readPolicies();
const OPEN: readonly Prior[] = ['running', 'continuedAsNew'];
const MOST_ASKED: readonly Prior[] = ['running', 'completed', 'failed'];

describe('a workflow ID that is asked for again', () => {
  it('comes to what the atlas says, in 90 cells of its 585: through start under all 20 pairs of policies', async ({
    temporal,
  }) => {
    await using _worker = await temporal.runWorker(policyWorkerOptions(temporal));
    const sample = POLICY_QUESTIONS.filter(isInSample);

    const cells = await executePolicies(temporal, sample);

    const [pairs, ends, others] = [20, MOST_ASKED.length, PRIORS.length - MOST_ASKED.length];
    expect(cells.length, 'cells').toBe(pairs * ends + 2 * others + 3 * 2 * ends);
    expect(cells.map(inWords)).toEqual(sample.map(inAtlas));
    // No two cells share a run, so none can have seen another's.
    const runIds = cells.flatMap((cell) => cell.runIds);
    expect(new Set(runIds).size, 'distinct run IDs').toBe(runIds.length);
  });

  it('has a cell for each question: 3 calls with 20 pairs, and a child with 5 policies', () => {
    expect(ATLAS.map(questionIn)).toEqual(POLICY_QUESTIONS.map(questionIn));
    expect(ATLAS.length).toBe((3 * 5 * 4 + 5) * 9);
  });
});

describe('one intent', () => {
  it('stays one run under 3 of 20 pairs, and one of them hands the open run to whoever asks', () => {
    const pairs = pairsOf('start');

    const valid = pairs.filter(({ outcomes }) => !outcomes.includes('invalid-argument'));
    const once = valid.filter(({ outcomes }) => outcomes.filter(isNew).length === 1);
    const joining = once.filter(({ outcomes }) => outcomes.includes('existing'));

    expect(valid.length, 'pairs that the server accepts').toBe(20 - 4);
    expect(once.map(({ pair }) => pair)).toEqual([
      'REJECT_DUPLICATE, unset',
      'REJECT_DUPLICATE, FAIL',
      'REJECT_DUPLICATE, USE_EXISTING',
    ]);
    expect(joining.map(({ pair }) => pair)).toEqual(['REJECT_DUPLICATE, USE_EXISTING']);
    expect(joining[0]?.outcomes).toEqual(
      PRIORS.map((prior) => {
        if (prior === 'none') return 'new';
        return OPEN.includes(prior) ? 'existing' : 'already-started';
      }),
    );
  });

  it('is two runs where no policy is written out and the first has closed: by each of the four calls', () => {
    const closed = PRIORS.filter((prior) => prior !== 'none' && !OPEN.includes(prior));
    for (const api of [
      'start',
      'signalWithStart',
      'executeUpdateWithStart',
      'childStart',
    ] as const) {
      const second = ATLAS.filter(
        (cell) =>
          cell.api === api && isUnset(cell) && closed.includes(cell.prior) && isNew(cell.outcome),
      );
      expect(
        second.map(({ prior }) => prior),
        `second runs through ${api}`,
      ).toEqual(closed);
    }
  });
});

describe('the two policies', () => {
  it('do not meet: while a run is open the conflict policy alone decides, once it has closed the reuse policy alone', () => {
    const valid = ATLAS.filter(({ outcome }) => outcome !== 'invalid-argument').filter(
      // It is both at once, deprecated, and refused beside any conflict policy.
      ({ reuse }) => reuse !== 'TERMINATE_IF_RUNNING',
    );
    const open = valid.filter(({ prior }) => OPEN.includes(prior));
    const closed = valid.filter(({ prior }) => !OPEN.includes(prior));

    expect(undecided(open, ({ api, conflict }) => `${api}, ${conflict}`)).toEqual([]);
    expect(undecided(closed, ({ api, reuse, prior }) => `${api}, ${reuse}, ${prior}`)).toEqual([]);
    // And the other way round they decide nothing.
    expect(undecided(open, ({ api, reuse }) => `${api}, ${reuse}`)).not.toEqual([]);
    expect(undecided(closed, ({ api, conflict }) => `${api}, ${conflict}`)).not.toEqual([]);
  });

  it('have another default in signalWithStart: it joins an open run where the three other calls are refused', () => {
    const asked = ATLAS.filter((cell) => isUnset(cell) && cell.prior === 'running');

    expect(Object.fromEntries(asked.map(({ api, outcome }) => [api, outcome]))).toEqual({
      start: 'already-started',
      signalWithStart: 'existing',
      executeUpdateWithStart: 'already-started',
      childStart: 'already-started',
    });
  });

  it('end the run that is open under TERMINATE_EXISTING and TERMINATE_IF_RUNNING, and under no other', () => {
    const enders = ATLAS.filter(({ oldTerminated }) => oldTerminated);

    expect(new Set(enders.map(({ prior }) => prior))).toEqual(new Set(OPEN));
    expect(new Set(enders.map(({ outcome }) => outcome))).toEqual(new Set(['new']));
    for (const { reuse, conflict } of enders) {
      expect([reuse, conflict].join()).toMatch(/TERMINATE_(EXISTING|IF_RUNNING)/);
    }
    // Of each of the three calls with conflict policies four pairs, of a child one policy; two runs are open.
    expect(enders.length, 'runs that were ended').toBe((3 * 4 + 1) * OPEN.length);
  });
});

/** All pairs with what is most often there; no policy at all, and what a client should write, with all that can be. */
function isInSample({ api, prior, reuse, conflict }: PolicyQuestion): boolean {
  const joining = api === 'childStart' ? 'unset' : 'USE_EXISTING';
  const isOfTwo =
    isUnset({ reuse, conflict }) || (reuse === 'REJECT_DUPLICATE' && conflict === joining);
  return api === 'start'
    ? isOfTwo || MOST_ASKED.includes(prior)
    : isOfTwo && MOST_ASKED.includes(prior);
}

function isUnset({ reuse, conflict }: Pick<PolicyQuestion, 'reuse' | 'conflict'>): boolean {
  return reuse === 'unset' && conflict === 'unset';
}

function isNew(outcome: string): boolean {
  return outcome === 'new';
}

function inAtlas(question: PolicyQuestion): string {
  const asked = questionIn(question);
  const cell = ATLAS.find((one) => questionIn(one) === asked);
  return cell ? inWords(cell) : `not in the atlas: ${asked}`;
}

function inWords(cell: PolicyCell): string {
  const { outcome, oldTerminated, runIds } = cell;
  const terminated = oldTerminated ? ', old one terminated' : '';
  return `${questionIn(cell)}: ${outcome}${terminated}, ${runIds.length} runs`;
}

function questionIn({ api, reuse, conflict, prior }: PolicyQuestion): string {
  return [api, reuse, conflict, prior].join(', ');
}

function pairsOf(api: Api) {
  const cells = ATLAS.filter((cell) => cell.api === api);
  const pairs = [...new Set(cells.map(pairOf))];
  return pairs.map((pair) => ({
    pair,
    outcomes: cells.filter((cell) => pairOf(cell) === pair).map(({ outcome }) => outcome),
  }));
}

function pairOf({ reuse, conflict }: PolicyQuestion): string {
  return `${reuse}, ${conflict}`;
}

/** Under which of these more than one thing happens. */
function undecided(
  cells: readonly PolicyCell[],
  by: (cell: PolicyCell) => string,
): readonly string[] {
  const outcomes = new Map<string, Set<string>>();
  for (const cell of cells) {
    const known = outcomes.get(by(cell)) ?? new Set();
    outcomes.set(by(cell), known.add(cell.outcome));
  }
  return [...outcomes].filter(([, several]) => several.size > 1).map(([decider]) => decider);
}
