import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  createFlowActivities,
  createMemoryOutbox,
  createWebhookClient,
  EFFECTS,
  flowWorkerOptions,
  KNOWN_NODES,
  NodeRegistrationError,
  requireNodes,
} from '#systems/flows';

const FOLDER = fileURLToPath(new URL('../../../src/systems/flows/nodes', import.meta.url));
const deps = {
  outbox: createMemoryOutbox(),
  webhooks: createWebhookClient({ timeoutMs: 1_000 }),
};
const ACTIVITIES = Object.keys(createFlowActivities(deps));
const GOOD = { ...KNOWN_NODES, effects: ACTIVITIES };

describe('the folders of the nodes', () => {
  it('name the same nodes as the lists that the workflow and the worker read', () => {
    const folders = readdirSync(FOLDER, { withFileTypes: true }).filter((one) => one.isDirectory());
    const having = (file: string) =>
      folders
        .flatMap(({ name }) => (existsSync(`${FOLDER}/${name}/${file}`) ? [name] : []))
        .toSorted();

    expect(having('schema.ts'), 'all of them').toEqual(folders.map(({ name }) => name).toSorted());
    expect(KNOWN_NODES.nodes.toSorted(), 'nodes').toEqual(having('schema.ts'));
    expect(KNOWN_NODES.waits.toSorted(), 'with a replayed phase').toEqual(having('wait.ts'));
    const withEffect = having('effect.ts');
    expect(KNOWN_NODES.withEffect.toSorted(), 'called by the workflow').toEqual(withEffect);
    expect(Object.keys(EFFECTS).toSorted(), 'effects').toEqual(withEffect);
    expect(ACTIVITIES.toSorted(), 'activities of a worker').toEqual(withEffect);
  });
});

describe('the nodes of a worker', () => {
  it('are looked at before it polls: without one of them it does not start', () => {
    const nodes = [...KNOWN_NODES.nodes, 'send_fax'];
    const withEffect = [...KNOWN_NODES.withEffect, 'send_fax'];
    const known = { ...KNOWN_NODES, nodes, withEffect };

    const start = () => flowWorkerOptions({ taskQueue: 'a', ...deps, known });

    expect(start).toThrow(NodeRegistrationError);
    expect(start).toThrow('send_fax has no activity; send_fax has no options');
  });

  it('are good as they stand', () => {
    expect(() => requireNodes(GOOD)).not.toThrow();
  });

  const { webhook: _, ...fewerOptions } = GOOD.options;
  const timed = (startToCloseTimeout: string, heartbeatTimeout?: string) => ({
    ...GOOD,
    options: { ...GOOD.options, webhook: { startToCloseTimeout, heartbeatTimeout } as never },
  });

  it.each([
    [
      'an activity that nobody knows',
      { effects: [...ACTIVITIES, 'send_fax'] },
      'send_fax is no node: it has no schema',
    ],
    ['an activity twice', { effects: [...ACTIVITIES, 'webhook'] }, 'webhook is registered twice'],
    ['an alias that is a node', { aliases: { webhook: 'branch' } }, 'webhook is registered twice'],
    ['an alias of nothing', { aliases: { wait: 'pause' } }, 'pause is no node: it has no schema'],
    [
      'a node without its activity',
      { effects: ACTIVITIES.slice(1) },
      `${ACTIVITIES[0]} has no activity`,
    ],
    [
      'an activity that is not called',
      { effects: [...ACTIVITIES, 'branch'] },
      'branch has activity that no workflow asks for',
    ],
    ['no options', { options: fewerOptions }, 'webhook has no options'],
    [
      'no timeout',
      { options: { ...GOOD.options, webhook: {} } },
      'webhook has no start-to-close timeout',
    ],
    [
      'an attempt of 601 seconds',
      timed('601 seconds'),
      'webhook may take more than 10 minutes for an attempt: let it heartbeat',
    ],
  ])('are refused in one line for %s', (_fault, change, says) => {
    const require = () => requireNodes({ ...GOOD, ...change });

    expect(require).toThrow(NodeRegistrationError);
    expect(require).toThrow(`Bad nodes: ${says}`);
  });

  it.each([
    ['10 minutes', undefined],
    ['1 hour', '30 seconds'],
  ])('may take %s for an attempt with a heartbeat timeout of %s', (attempt, heartbeat) => {
    expect(() => requireNodes(timed(attempt, heartbeat))).not.toThrow();
  });
});
