import { posix } from 'node:path';
import { ROOMS, type Room } from '../rooms.ts';
import { type Import, importsOf, isCode } from '../syntax.ts';
import type { Offence, Rule, SourceFile } from '../tree.ts';

export const roomsRule: Rule = {
  claim: 'a room looks only into the rooms and the packages that its row names',
  find: (files) =>
    files.filter(isCode).flatMap((file) => {
      const room = ROOMS.find((row) => folderOf(row, file.path) !== undefined);
      if (room) return importsOf(file).flatMap((import_) => crossing(file, room, import_));
      return file.path.startsWith('src/')
        ? [{ path: file.path, message: 'has no room: give its folder a row in rooms.ts' }]
        : [];
    }),
  good: {
    'a system that uses the doors below it': {
      'src/systems/fees/client.ts': `import { startOrJoin } from '#temporal';\nimport './ids.ts';`,
    },
    'the types of the configuration in temporal': {
      'src/temporal/connect.ts': `import type { Config } from '#config';`,
    },
    'a test that names a workflow by its type': {
      'tests/chapters/01-a.test.ts': `import type { W } from '../../src/systems/fees/workflows.ts';`,
    },
    'the workflows of several systems in one bundle': {
      'src/server/workflows.ts': `export * from '../systems/fees/workflows.ts';`,
    },
    'vitest in the one file that knows it': { 'src/testkit/vitest.ts': `import 'vitest';` },
  },
  bad: {
    'words that know the platform': {
      tree: { 'src/idempotency/key.ts': `\nimport { Client } from '@temporalio/client';` },
      found: ['src/idempotency/key.ts:2'],
    },
    'one system in another': {
      tree: { 'src/systems/orders/client.ts': `export { startFee } from '#systems/fees';` },
      found: ['src/systems/orders/client.ts:1'],
    },
    'a path around the door': {
      tree: { 'src/systems/fees/client.ts': `import '../../temporal/events.ts';` },
      found: ['src/systems/fees/client.ts:1'],
    },
    'a room that uses its own door': {
      tree: { 'src/systems/fees/client.ts': `type Fee = import('#systems/fees').Fee;` },
      found: ['src/systems/fees/client.ts:1'],
    },
    'the kit in production': {
      tree: { 'src/server/index.ts': `await import('#testkit');` },
      found: ['src/server/index.ts:1'],
    },
    'vitest in another file of the kit': {
      tree: { 'src/testkit/barrier.ts': `import { expect } from 'vitest';` },
      found: ['src/testkit/barrier.ts:1'],
    },
    'values where only types are allowed': {
      tree: { 'src/report/terminal.ts': `import { type Evidence } from '#testkit';` },
      found: ['src/report/terminal.ts:1'],
    },
    'a test that reaches behind a door': {
      tree: { 'tests/rooms/money.test.ts': `import '../../src/systems/fees/money.ts';` },
      found: ['tests/rooms/money.test.ts:1'],
    },
    'a package in the file that must run without any': {
      tree: { 'exercises/aha.mjs': `import express from 'express';` },
      found: ['exercises/aha.mjs:1'],
    },
    'a room without a row': {
      tree: { 'src/billing/index.ts': '' },
      found: ['src/billing/index.ts'],
    },
  },
};

function crossing(file: SourceFile, room: Room, { from, typeOnly, line }: Import): Offence[] {
  const offence = (message: string) => [{ path: file.path, line, message }];
  const home = folderOf(room, file.path) ?? '';

  if (from.startsWith('.')) {
    const target = posix.join(posix.dirname(file.path), from);
    const isWorkflowType = typeOnly && target.endsWith('/workflows.ts');
    // A bundle holds replayed code alone, and a door leads to all the rest.
    const isBundle = file.path === 'src/server/workflows.ts' && target.endsWith('/workflows.ts');
    const mayBeByPath = isBundle || (isWorkflowType && !home.startsWith('src/'));
    return isInside(target, houseOf(home)) || mayBeByPath
      ? []
      : offence(`imports ${target} by its path: go through the door of that room (#…)`);
  }
  if (from.startsWith('node:')) return [];
  if (`${from}/`.startsWith(`${doorOf(home)}/`)) {
    return offence(`goes through its own door ${from}: import the file itself (./…)`);
  }
  if (room.may.some((may) => allows(may, from, typeOnly))) return [];
  return offence(
    `imports ${from}, which ${room.room} may not: move the code, or allow it in tests/house/rooms.ts`,
  );
}

/** A file with a row of its own still lives in its folder, and `config.ts` is the door of the folder beside it. */
function houseOf(home: string): string {
  if (home === 'src/config.ts') return 'src/config';
  return home.endsWith('.ts') ? posix.dirname(home) : home;
}

function doorOf(home: string): string {
  return houseOf(home)
    .replace(/^src\//, '#')
    .replace(/\.ts$/, '');
}

/** The folder (or file) of this row that holds the path: `src/systems/fees` for the row `src/systems/*`. */
function folderOf({ room }: Room, path: string): string | undefined {
  const names = path.split('/').slice(0, room.split('/').length).join('/');
  const pattern = new RegExp(`^${room.replaceAll('.', '\\.').replaceAll('*', '[^/]+')}$`);
  return pattern.test(names) ? names : undefined;
}

function allows(may: string, from: string, typeOnly: boolean): boolean {
  if (may === '*') return true;
  if (may.startsWith('type ')) return typeOnly && allows(may.slice('type '.length), from, true);
  return may.endsWith('/*') ? isInside(from, may.slice(0, -2)) : from === may;
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
