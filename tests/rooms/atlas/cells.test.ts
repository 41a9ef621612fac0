/** How the atlas tells that a server does otherwise, and how its tables are drawn. */
import { describe, expect, it } from 'vitest';
import { CONFLICT_POLICIES, type PolicyCell, type PolicyOutcome, PRIORS } from '#atlas';
import { differences, linesOf } from '../../atlas/cells.ts';
import { policies } from '../../atlas/policies.ts';

const COMMITTED = [
  { prior: 'none', outcome: 'new', runIds: ['run 1'] },
  { prior: 'running', outcome: 'existing', runIds: ['run 2'] },
];

describe('the cells that a server has just come to', () => {
  it('are those of the atlas where nothing but the run IDs has changed', () => {
    const executed = COMMITTED.map((cell) => ({ ...cell, runIds: ['another'] }));

    expect(differences(COMMITTED, executed)).toEqual([]);
  });

  it('are named where they are other ones: what is committed with -, and what is not with +', () => {
    const executed = [COMMITTED[0] ?? {}, { prior: 'running', outcome: 'new', runIds: [] }];

    expect(differences(COMMITTED, executed)).toEqual([
      '- {"prior":"running","outcome":"existing"}',
      '+ {"prior":"running","outcome":"new"}',
    ]);
  });

  it('are counted: one that is there twice is one too many', () => {
    const twice = [...COMMITTED, ...COMMITTED.slice(0, 1)];

    expect(differences(COMMITTED, twice)).toEqual(['+ {"prior":"none","outcome":"new"}']);
    expect(differences(twice, COMMITTED)).toEqual(['- {"prior":"none","outcome":"new"}']);
    expect(differences(COMMITTED, [])).toHaveLength(2);
  });

  it('are written one a line', () => {
    expect(linesOf(COMMITTED).split('\n')).toHaveLength('[ ]'.length + COMMITTED.length);
    expect(JSON.parse(linesOf(COMMITTED))).toEqual(COMMITTED);
  });
});

describe('the table of policies', () => {
  it('gives policies one row that come to the same, and those that do not another', () => {
    const cells = CONFLICT_POLICIES.flatMap((conflict) => {
      const outcome: PolicyOutcome = conflict === 'USE_EXISTING' ? 'existing' : 'already-started';
      return PRIORS.map((prior) => cellOf({ conflict, prior, outcome }));
    });

    const [, , , , ...rows] = policies.render(cells).split('\n');

    expect(rows).toEqual([
      `| unset | unset<br>\`FAIL\`<br>\`TERMINATE_EXISTING\` |${' refused |'.repeat(PRIORS.length)}`,
      `| unset | \`USE_EXISTING\` |${' existing run |'.repeat(PRIORS.length)}`,
    ]);
  });

  it('does not join what differs in one place alone: whether the old run was terminated', () => {
    const cells = (['unset', 'FAIL'] as const).map((conflict) =>
      cellOf({ conflict, outcome: 'new', oldTerminated: conflict === 'FAIL' }),
    );

    expect(policies.render(cells)).toContain('| unset | unset | new run |');
    expect(policies.render(cells)).toContain('| unset | `FAIL` | new run, old one terminated |');
  });
});

function cellOf(change: Partial<PolicyCell>) {
  return {
    api: 'start',
    reuse: 'unset',
    conflict: 'unset',
    prior: 'none',
    outcome: 'new',
    oldTerminated: false,
    runIds: [],
    ...change,
  } as const;
}
