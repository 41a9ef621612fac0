import { inFile, type Mutant } from './mutant.ts';

const ROOM = 'src/systems/flows';
const webhook = { chapter: 'tests/rooms/flows/webhook.test.ts' };
const names = { chapter: 'tests/rooms/flows/http-names.test.ts' };
const engine = { chapter: 'tests/rooms/flows/engine.test.ts' };

/** What stands between flows and everybody else: other systems, other companies, workers, and the demo's own proof. */
export const FLOW_EDGE_MUTANTS: readonly Mutant[] = [
  {
    name: 'a receiver that wants us at once ends the webhook',
    edits: [
      inFile(`${ROOM}/activities.ts`, '!error.retryAfterMs', 'error.retryAfterMs === undefined'),
    ],
    ...engine,
  },
  {
    name: 'another message under a key that is used is taken for the same',
    edits: [inFile(`${ROOM}/postgres-outbox.ts`, 'if (known?.fingerprint !== of)', 'if (!known)')],
    chapter: 'tests/rooms/flows/outbox.test.ts',
  },
  {
    name: 'a webhook goes wherever a definition says',
    edits: [
      inFile(
        `${ROOM}/webhook-client.ts`,
        'if (named !== undefined && !allows(named)) {',
        'if (named !== undefined && !allows(named) && !own) {',
      ),
    ],
    ...webhook,
  },
  {
    name: 'a webhook that is under way is taken for a no',
    edits: [
      inFile(
        `${ROOM}/webhook-client.ts`,
        'const IS_A_NO = new Set([401, 403]);',
        'const IS_A_NO = new Set([401, 403, 409]);',
      ),
    ],
    ...webhook,
  },
  {
    name: 'a signal for a flow comes to the order of that name',
    edits: [
      inFile(
        `${ROOM}/client.ts`,
        'if (!(await isFlow(client, workflowId))) throw new FlowNotOpenError(name);',
        '',
      ),
    ],
    ...names,
  },
  {
    name: 'a flow takes the name of an order that nobody has placed',
    edits: [inFile(`${ROOM}/flow-request.ts`, 'if (of !== undefined) throw reservedName(of);', '')],
    ...names,
  },
  {
    name: 'nobody asks whether a worker can work on every node',
    edits: [
      inFile(
        `${ROOM}/worker.ts`,
        'requireNodes({ ...known, effects: Object.keys(activities) });',
        '',
      ),
    ],
    chapter: 'tests/rooms/flows/registry.test.ts',
  },
  {
    name: 'the demo of the flows overlooks a second effect',
    edits: [
      inFile(
        'src/demos/flows-verdict.ts',
        'if (found === 1) return [];',
        'if (found >= 1) return [];',
      ),
    ],
    chapter: 'tests/rooms/demos/flows-verdict.test.ts',
  },
  {
    name: 'the demo of the flows calls whom a definition names',
    edits: [
      inFile('src/demos/flows-hurried.ts', 'return { ...step, config: rest };', 'return step;'),
    ],
    chapter: 'tests/rooms/demos/flows-verdict.test.ts',
  },
];
