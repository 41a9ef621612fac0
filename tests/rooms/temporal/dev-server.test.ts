import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { defineSearchAttributeKey } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '#config';
import type { Cli } from '#temporal/cli/look';
import { type DevServerOptions, startDevServer } from '#temporal/dev-server';
import { installQuietRuntime } from '#temporal/quiet';
import { processesWith } from '#temporal/server-process';
import { createGate, createMachine, type Machine } from './machine.ts';

/** What the enumeration of the API calls a keyword. */
const KEYWORD = 2;

function start(options: Partial<DevServerOptions> = {}) {
  const config = loadConfig();
  return startDevServer({ config, settings: 'brisk', onProgress: () => {}, ...options });
}

function portOf({ address }: { readonly address: string }): number {
  return Number(address.split(':')[1]);
}

async function fakeCli(machine: Machine, script: string): Promise<Cli> {
  const path = await machine.write('temporal', script);
  return { path, from: 'PATH', version: '1.5.1', serverVersion: '1.29.1' };
}

// Together, because the SDK takes five seconds to give up on a server that never answers.
describe.concurrent('a dev server', () => {
  it('answers, knows its search attributes, and is gone after its disposal', async () => {
    const server = await start({
      searchAttributes: [defineSearchAttributeKey('OrderId', 'KEYWORD')],
    });
    const itsProcess = `--port ${portOf(server)} `;
    {
      await using running = server;
      const { operatorService, workflowService } = running.client.connection;
      const { customAttributes } = await operatorService.listSearchAttributes({
        namespace: 'default',
      });
      const { serverVersion } = await workflowService.getSystemInfo({});

      expect(customAttributes).toMatchObject({ OrderId: KEYWORD });
      expect(serverVersion).toBe(running.cli.serverVersion);
      expect(await processesWith(itsProcess)).toEqual([running.pid]);
    }
    expect(await processesWith(itsProcess), 'processes that are left').toEqual([]);
  });

  it('is gone at once when it is killed', async () => {
    await using server = await start();
    const peer = connect(portOf(server), '127.0.0.1');
    await once(peer, 'connect');

    // A killed process's connection ends, or is reset: both are followed by `close`.
    const cutOff = new Promise((resolve) => peer.on('error', () => {}).once('close', resolve));
    peer.resume();
    server.kill();

    await cutOff;
    expect(await processesWith(`--port ${portOf(server)} `), 'processes that are left').toEqual([]);
  });

  it('is made fast when it is asked to be brisk, and not otherwise', async () => {
    await using brisk = await start({ settings: 'brisk' });
    await using plain = await start({ settings: 'default' });

    const fast = await processesWith('history.transferProcessorMaxPollRPS=10000');

    expect(fast).toContain(brisk.pid);
    expect(fast).not.toContain(plain.pid);
  });

  it('keeps what was told to it in a file, where one is named', async () => {
    await using machine = await createMachine();
    const options = { dbFilename: join(machine.folder, 'temporal.db') };
    const startIn = async () => {
      await using server = await start(options);
      const { client } = server;
      const ids = [];
      for await (const { workflowId } of client.workflow.list()) ids.push(workflowId);
      await client.workflow.start('Any', {
        taskQueue: 'no-worker',
        workflowId: 'kept',
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowExecutionTimeout: '1 minute',
      });
      return ids;
    };

    expect(await startIn()).toEqual([]);
    expect(await startIn()).toEqual(['kept']);
  });
});

describe.concurrent('a dev server that cannot start', () => {
  it('says that its port is taken, and does not take the other one for itself', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : undefined;

    await expect(start({ port: Number(port) })).rejects.toThrow(
      `The dev server did not start: port ${port} is taken`,
    );
    other.close();
  });

  it('leaves no process when it never answers', async () => {
    await using machine = await createMachine();
    const gate = createGate(machine);
    const cli = await fakeCli(machine, gate.script);

    await expect(start({ cli })).rejects.toMatchObject({ name: 'DevServerStartError' });

    await gate.gone;
  });

  it('leaves no process when it is aborted midway, and does not wait until the SDK gives up', async () => {
    await using machine = await createMachine();
    await using other = await createMachine();
    const [gate, otherGate] = [createGate(machine), createGate(other)];
    const cli = await fakeCli(machine, gate.script);
    const controller = new AbortController();
    let gaveUp = false;

    const untouched = start({ cli: await fakeCli(other, otherGate.script) }).catch(() => {
      gaveUp = true;
    });
    await otherGate.reached;
    const starting = start({ cli, signal: controller.signal });
    await gate.reached;
    controller.abort(new Error('Ctrl-C'));

    await expect(starting).rejects.toThrow('Ctrl-C');
    expect(await processesWith(`${cli.path} server`), 'processes that are left').toEqual([]);
    expect(gaveUp, 'the start beside it, a little older, was given up').toBe(false);
    await untouched;
    await otherGate.gone;
  });

  it('makes no process when it is aborted before', async () => {
    await using machine = await createMachine();
    const cli = await fakeCli(machine, `: > "${join(machine.folder, 'ran')}"`);

    const starting = start({ cli, signal: AbortSignal.abort(new Error('Ctrl-C')) });

    await expect(starting).rejects.toThrow('Ctrl-C');
    expect(existsSync(join(machine.folder, 'ran')), 'the CLI ran').toBe(false);
  });
});

describe('the quiet runtime', () => {
  it('is installed once, however often it is asked for', async () => {
    await using server = await start();

    expect(() => installQuietRuntime()).not.toThrow();
    expect(server.pid).toBeGreaterThan(0);
  });
});
