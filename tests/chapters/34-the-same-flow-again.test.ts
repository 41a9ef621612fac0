/**
 * Chapter 34. The same flow again
 *
 * Claim     A flow is named after what it is about, so it runs once for it: whoever starts it joins it while it is open,
 *           gets its result when it is closed, and is refused where another definition or another input was meant.
 * Method    Five clients on connections of their own start the flow of one cart at one moment; its one message is held
 *           until all have started. Then it is started again after its end, and with something else under its name.
 * Evidence  The run IDs that the clients got, the outcomes, the result, and the outbox.
 * Control   Starts that name nothing: each makes a name of its own, so two presses are two runs and two messages. And a
 *           policy that lets a closed name run again: two messages without keys, one with them.
 */
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { openFlows } from '#fixtures/flows/house';
import { fingerprint, IntentMismatchError } from '#idempotency';
import {
  createFlows,
  createMemoryOutbox,
  type FlowDefinition,
  flowWorkflowId,
  type OutboxEntry,
  stepKey,
} from '#systems/flows';
import { concurrently, holdActivityUntilOpen } from '#testkit';
import { it } from '#testkit/vitest';

const REMINDER = {
  name: 'reminder',
  version: '1',
  start_step: 'remind',
  steps: { remind: { node: 'send_message', config: { text: 'Shall we keep your cart?' } } },
} satisfies FlowDefinition;
const CART = { cart_id: 'cart-1', customer_id: 'ann' };

describe.concurrent('five clients that start the flow of one cart at the same moment', () => {
  it('get one run, and the customer gets one message', async ({ temporal, recorder }) => {
    const allStarted = recorder.gate('five clients have started', 5);
    const outbox = createMemoryOutbox();
    const put = async (key: string, entry: OutboxEntry) => {
      await holdActivityUntilOpen(allStarted);
      return await outbox.put(key, entry);
    };
    await using _house = await openFlows(temporal, { outbox: { ...outbox, put }, recorder });
    const { taskQueue } = temporal;
    const name = newName();

    const answers = await concurrently(5, async ({ name: who, barrier }) => {
      const flows = createFlows({ client: await temporal.connect(), taskQueue });
      await barrier.arrive();
      return await recorder.request(who, async () => {
        const run = await flows.start({ name, definition: REMINDER, input: CART });
        await allStarted.arrive();
        return { ...run, told: await run.result() };
      });
    });

    expect(recorder).toOverlap(5);
    expect(answers).toShareOneRunId();
    const outcomes = answers.map(({ outcome }) => outcome).toSorted();
    expect(outcomes).toEqual(['joined', 'joined', 'joined', 'joined', 'started']);
    expect(new Set(answers.map(({ told }) => fingerprint(told))).size, 'distinct results').toBe(1);
    expect(await outbox.effects()).toHaveOneEffect(stepKey(name, 'remind', 1));
    expect((await outbox.effects()).length, 'messages in all').toBe(1);
  });
});

describe.concurrent('a flow that has ended', () => {
  it('is not run again: its result is told, and there is no second message', async ({
    temporal,
  }) => {
    await using house = await openFlows(temporal);
    const { flows, outbox } = house;
    const request = { name: newName(), definition: REMINDER, input: CART };

    const first = await flows.start(request);
    const result = await first.result();
    const again = await flows.start(request);

    expect([first.outcome, again.outcome]).toEqual(['started', 'replayed']);
    expect([first, again]).toShareOneRunId();
    expect(await again.result()).toEqual(result);
    expect((await outbox.effects()).length, 'messages in all').toBe(1);
  });

  it.for([
    ['definition', { definition: { ...REMINDER, version: '2' } }],
    ['input', { input: { ...CART, customer_id: 'bob' } }],
  ] as const)(
    'refuses another %s under its name, and nothing is sent',
    async ([, other], { temporal }) => {
      await using house = await openFlows(temporal);
      const { flows, outbox } = house;
      const request = { name: newName(), definition: REMINDER, input: CART };
      await (await flows.start(request)).result();

      await expect(flows.start({ ...request, ...other })).rejects.toThrow(IntentMismatchError);

      expect(await outbox.effects()).toMatchObject([{ to: 'ann' }]);
      const visits = (await flows.state(request.name))?.flow?.visited.length;
      expect(visits, 'visits of its one step').toBe(1);
    },
  );

  it.for([
    ['naive', 'sends a second message', 2],
    ['keyed', 'finds the key of the first message', 1],
  ] as const)(
    '%s: it %s where a policy lets it run again',
    async ([nodes, , messages], { temporal }) => {
      await using house = await openFlows(temporal, { nodes });
      const { client, taskQueue } = temporal;
      const workflowId = newName();
      const args = [{ definition: REMINDER, definition_hash: fingerprint(REMINDER), input: CART }];
      const start = () =>
        client.workflow.start('DynamicFlowWorkflow', {
          workflowId,
          workflowIdConflictPolicy: 'FAIL',
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          workflowExecutionTimeout: '1 minute',
          taskQueue,
          args,
        });

      const first = await start();
      await first.result();
      const second = await start();
      await second.result();

      const runs = new Set([first, second].map((run) => run.firstExecutionRunId));
      expect(runs.size, 'distinct run IDs').toBe(2);
      expect((await house.outbox.effects()).length, 'messages').toBe(messages);
    },
  );
});

describe('a start that names nothing', () => {
  it('is another flow each time: two presses, two runs, two messages', async ({ temporal }) => {
    await using house = await openFlows(temporal);
    const { flows, outbox } = house;

    const press = async () => {
      const run = await flows.start({ name: newName(), definition: REMINDER, input: CART });
      await run.result();
      return run;
    };
    const [first, second] = [await press(), await press()];

    expect([first.outcome, second.outcome]).toEqual(['started', 'started']);
    expect(new Set([first.runId, second.runId]).size, 'distinct run IDs').toBe(2);
    expect((await outbox.effects()).length, 'messages about one cart').toBe(2);
  });
});

/** In a test, a cart that no other test knows; where it is made for each start, a name that says nothing. */
function newName(): string {
  return flowWorkflowId('reminder', uuid());
}
