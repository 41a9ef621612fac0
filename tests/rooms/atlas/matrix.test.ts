/** `press-twice matrix`: what happens if this ID is started again. */
import { describe, expect, inject } from 'vitest';
import { APIS, type PolicyCell, PRIORS } from '#atlas';
import { it } from '#testkit/vitest';
import { runHere } from '../cli/here.ts';

describe('press-twice matrix', () => {
  it('says in a sentence what the atlas has: a second run, where no policy is written out', async () => {
    const { exitCode, stdout } = await runHere(['matrix', '--prior', 'completed']);

    expect(stdout).toBe(
      'the run has completed, start (reuse unset, conflict unset): a new run is started\n',
    );
    expect(exitCode).toBe(0);
  });

  it('says it of each of the 9 things that can be under the ID, unless one is named', async () => {
    const { stdout } = await runHere('matrix --reuse REJECT_DUPLICATE'.split(' '));

    expect(stdout.trim().split('\n')).toHaveLength(PRIORS.length);
    expect(stdout.match(/refused with WorkflowExecutionAlreadyStartedError/g)).toHaveLength(8);
  });

  it('says whose run is terminated', async () => {
    const { stdout } = await runHere(
      'matrix --api signalWithStart --conflict TERMINATE_EXISTING --prior running'.split(' '),
    );

    expect(stdout).toContain('a new run is started, and the run that was open is terminated');
  });

  it('gives the cell itself with --json, and the runs that it saw', async () => {
    const asked = 'matrix --api executeUpdateWithStart --conflict USE_EXISTING --prior running';
    const { stdout } = await runHere([...asked.split(' '), '--json']);

    const cells: PolicyCell[] = JSON.parse(stdout);
    expect(cells).toMatchObject([{ outcome: 'existing', oldTerminated: false }]);
    expect(cells[0]?.runIds, 'one run, before and after').toHaveLength(1);
  });

  it('does it with --live, on the server that the environment names: the same, with runs of its own', async () => {
    const asked =
      'matrix --reuse REJECT_DUPLICATE --conflict USE_EXISTING --prior completed --json';
    const { address } = inject('testServer');

    const known = await runHere(asked.split(' '));
    const live = await runHere([...asked.split(' '), '--live'], { TEMPORAL_ADDRESS: address });

    const [[inAtlas], [here]] = [known, live].map(({ stdout }) => JSON.parse(stdout));
    expect(live.exitCode).toBe(0);
    expect({ ...here, runIds: [] }).toEqual({ ...inAtlas, runIds: [] });
    expect(here.runIds, 'the run of this server').not.toEqual(inAtlas.runIds);
  });

  it.for([
    ['--api', 'submit', APIS.join(', ')],
    ['--reuse', 'reject', 'REJECT_DUPLICATE'],
    ['--conflict', 'REJECT_DUPLICATE', 'USE_EXISTING'],
    ['--prior', 'open', PRIORS.join(', ')],
  ] as const)(
    'refuses %s %s in one line, and names what there is',
    async ([flag, value, named]) => {
      const { exitCode, stdout, stderr } = await runHere(['matrix', flag, value]);

      expect(exitCode).toBe(2);
      expect(stdout).toBe('');
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(stderr).toContain(named);
    },
  );

  it('tells in its help which server and which SDK its answers are of', async () => {
    const { stdout } = await runHere(['matrix', '--help']);

    expect(stdout).toMatch(/dev server \d+\.\d+\.\d+, with the\nTypeScript SDK \d+\.\d+\.\d+,/);
  });

  it('refuses a conflict policy for a child, which has none', async () => {
    const { exitCode, stderr } = await runHere(
      'matrix --api childStart --conflict FAIL'.split(' '),
    );

    expect(exitCode).toBe(2);
    expect(stderr).toContain('a child has no conflict policy');
  });
});
