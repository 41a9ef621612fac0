import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { openFlows } from '#fixtures/flows/house';
import { untilWaiting } from '#fixtures/flows/until-waiting';
import { stepKey } from '#systems/flows';
import { it } from '#testkit/vitest';
import { runHere } from './here.ts';

const FILE = 'fixtures/flows/abandoned_cart.yaml';

describe('press-twice flow', () => {
  it('starts a flow once, tells where it waits, sends its answer, draws its path, and replays it', async ({
    temporal,
  }) => {
    await using house = await openFlows(temporal);
    const env = { TEMPORAL_ADDRESS: temporal.address, FLOW_TASK_QUEUE: temporal.taskQueue };
    const flow = (...args: string[]) => runHere(['flow', ...args], env);
    const cart = uuid();
    const id = `abandoned_cart-${cart}`;
    const start = (input: object) => flow('start', FILE, '--input', JSON.stringify(input));
    const answer = ['signal', id, '--signal-id', 'answer-1', '--payload', '{"liked":true}'];

    const first = await start({ cart_id: cart });
    await untilWaiting(house.flows, id, 'client-answered');
    const second = await start({ cart_id: cart });
    const waiting = await flow('status', id);
    const sent = await flow(...answer);
    await temporal.client.workflow.result(id);
    const done = await flow('status', id);
    const known = JSON.parse((await flow('status', id, '--json')).stdout);
    const drawn = await flow('draw', FILE, '--run', id);
    const third = await start({ cart_id: cart });
    const other = await start({ cart_id: cart, total: 1 });
    const late = await flow(...answer);

    const { runId } = known;
    expect(first).toEqual(said(`started ${id}, run ${runId}\n`));
    expect(second).toEqual(said(`joined ${id}, run ${runId}\n`));
    expect(third).toEqual(said(`replayed ${id}, run ${runId}\n`));
    expect(waiting.stdout).toMatch(
      /^running .+\nvisited step_1: satisfied\nat step_2: waits for client-answered until 2\S+Z\n$/,
    );
    expect(sent).toEqual(said(`sent client-answered answer-1 to ${id}\n`));
    const path = ['step_1', 'step_2', 'step_3'].map((step) => `visited ${step}: satisfied\n`);
    expect(done).toEqual(said(`done ${id}, run ${runId}\n${path.join('')}`));
    expect(known.flow.signals).toMatchObject([{ signal_id: 'answer-1', payload: { liked: true } }]);
    expect(drawn.stdout, 'with its path').toMatch(/^flowchart TD\n(.*\n)+.*class /);
    expect(other).toMatchObject({ exitCode: 1, stdout: '' });
    expect(other.stderr).toMatch(/^"abandoned_cart-.+ was asked for before with other values.+\n$/);
    expect(late).toMatchObject({ exitCode: 1, stdout: '' });
    expect(late.stderr).toBe(`"${id}" is not open: nobody has started it, or it is over\n`);
    const effects = await house.outbox.effects();
    for (const step of ['step_1', 'step_3']) {
      expect(effects).toHaveOneEffect(stepKey(id, step, 1));
    }
    expect(
      effects.map(({ by, attempt }) => ({ by, attempt })),
      'who is noted',
    ).toEqual(Array.from({ length: 2 }, () => ({ by: `run ${runId}`, attempt: 1 })));
  });

  it('says of a start and of a signal that nothing names that a repeat would be another one', async ({
    temporal,
  }) => {
    const env = { TEMPORAL_ADDRESS: temporal.address, FLOW_TASK_QUEUE: temporal.taskQueue };

    const start = await runHere(['flow', 'start', FILE], env);
    const [, id = ''] = /^started (\S+), run /.exec(start.stdout) ?? [];
    const signal = await runHere(['flow', 'signal', id], env);
    const status = await runHere(['flow', 'status', id], env);
    await temporal.client.workflow.getHandle(id).terminate();

    expect(start.stderr).toMatch(/^Nothing names this flow: .+ Give it an --id\n$/);
    expect(signal.stderr).toMatch(/^Nothing names this signal: .+ Give it a --signal-id\n$/);
    expect([start, signal, status].map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(status.stdout, 'without a worker').toMatch(
      /^running .+\nhow far it is, no worker tells\n$/,
    );
  });

  it.for<[string, readonly string[], number, RegExp]>([
    ['a flow that nobody knows', ['status', 'nobody'], 1, /^No flow "nobody" is known: .+\n$/],
    ['a signal to nobody', ['signal', 'nobody', '--signal-id', '1'], 1, /^"nobody" is not open/],
    ['a path of nobody', ['draw', FILE, '--run', 'nobody'], 1, /^No flow "nobody" is known: .+\n$/],
    ['a file that is not there', ['start', 'no.json'], 2, /^no\.json:1:1: .+ENOENT.+\n$/],
    ['input that is no object', ['start', FILE, '--input', '[1]'], 2, /^error: .+JSON object\.\n$/],
    [
      'input that is no JSON',
      ['start', FILE, '--input', '{'],
      2,
      /^error: .+has to be JSON, or .+\n$/,
    ],
    [
      'no file of input',
      ['start', FILE, '--input', '@no'],
      2,
      /^error: .+cannot be read \(ENOENT\)/,
    ],
    [
      'a cart that is a number',
      ['start', FILE, '--input', '{"cart_id":7}'],
      1,
      /^cart_id must be a string\n$/,
    ],
    [
      'a number that would be another one',
      ['start', FILE, '--input', '{"cents":9007199254740993}'],
      2,
      /^error: .+It\.cents has a number that cannot be kept as it is: send it as a string\.\n$/,
    ],
    [
      'the name of an order',
      ['start', FILE, '--id', 'order-o-1'],
      1,
      /^"order-o-1" is not for flows: .+ Give it another --id\n$/,
    ],
    ['a bad ID', ['status', 'x'.repeat(256)], 2, /^error: .+Workflow ID .+\n$/],
    ['another command', ['stop'], 2, /^error: unknown command 'stop'\n$/],
  ])('refuses %s in one line', async ([_fault, args, code, says], { temporal }) => {
    const { exitCode, stdout, stderr } = await runHere(['flow', ...args], {
      TEMPORAL_ADDRESS: temporal.address,
    });

    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
    expect(stderr).toMatch(says);
  });

  it('names a server that does not answer, and the variable that mends it', async () => {
    const env = { TEMPORAL_ADDRESS: '127.0.0.1:1' };

    const { exitCode, stderr } = await runHere(['flow', 'status', 'a'], env);

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^No Temporal server answers at 127\.0\.0\.1:1: .+\n$/);
  });
});

function said(stdout: string) {
  return { exitCode: 0, stdout, stderr: '' };
}
