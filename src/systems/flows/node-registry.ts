import type { ActivityOptions } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time.js';
import { NodeRegistrationError } from './errors.ts';
import { ALIASES } from './nodes/names.ts';
import { OPTIONS } from './nodes/options.ts';
import { SCHEMAS } from './nodes/schemas.ts';
import { WAITS } from './nodes/waits.ts';
import { WITH_EFFECT } from './nodes/with-effect.ts';

/** Where nodes are named. The workflow reads all but the last, and a worker has the last. */
export interface NodeLists {
  /** Every node that there is. */
  readonly nodes: readonly string[];
  /** What else some of them are called. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Those with a replayed phase. */
  readonly waits: readonly string[];
  /** Those whose activity the workflow calls. */
  readonly withEffect: readonly string[];
  /** How long each activity may take, and how it is tried again. */
  readonly options: Readonly<Record<string, ActivityOptions>>;
  /** Those that the worker has an activity of. */
  readonly effects: readonly string[];
}

/** What the workflow knows of nodes. */
export const KNOWN_NODES: Omit<NodeLists, 'effects'> = {
  nodes: Object.keys(SCHEMAS),
  aliases: ALIASES,
  waits: Object.keys(WAITS),
  withEffect: [...WITH_EFFECT],
  options: OPTIONS,
};

/**
 * Makes sure that a worker can work on every node that its workflows know, before it polls: a flow that nobody can finish
 * waits until its timeouts end it.
 *
 * @throws {NodeRegistrationError} naming every node that is unknown, registered twice, without its activity, or whose
 *   attempts may take more than ten minutes without a heartbeat
 */
export function requireNodes(lists: NodeLists): void {
  const flaws = [...twice(lists), ...unknown(lists), ...unequal(lists), ...untimed(lists.options)];
  if (flaws.length > 0) throw new NodeRegistrationError(`Bad nodes: ${flaws.join('; ')}`);
}

/** A node without a heartbeat is not missed before its attempt times out. */
const LONGEST_SILENCE_MS = 10 * 60_000;

function twice({ nodes, aliases, waits, withEffect, effects }: NodeLists): string[] {
  const names = [...nodes, ...Object.keys(aliases)];
  const found = [names, waits, withEffect, effects].flatMap((list) =>
    list.filter((name, index) => list.indexOf(name) !== index),
  );
  return [...new Set(found)].map((name) => `${name} is registered twice`);
}

function unknown({ nodes, aliases, waits, withEffect, options, effects }: NodeLists): string[] {
  const named = [
    ...Object.values(aliases),
    ...waits,
    ...withEffect,
    ...Object.keys(options),
    ...effects,
  ];
  const found = named.filter((name) => !nodes.includes(name));
  return [...new Set(found)].map((name) => `${name} is no node: it has no schema`);
}

function unequal({ nodes, withEffect, options, effects }: NodeLists): string[] {
  return nodes.flatMap((name) => {
    const isCalled = withEffect.includes(name);
    const has = { activity: effects.includes(name), options: Object.hasOwn(options, name) };
    return Object.entries(has).flatMap(([what, is]) => {
      if (is === isCalled) return [];
      return [
        isCalled ? `${name} has no ${what}` : `${name} has ${what} that no workflow asks for`,
      ];
    });
  });
}

function untimed(options: NodeLists['options']): string[] {
  return Object.entries(options).flatMap(([name, { startToCloseTimeout, heartbeatTimeout }]) => {
    if (startToCloseTimeout === undefined) return [`${name} has no start-to-close timeout`];
    const isShort = msToNumber(startToCloseTimeout) <= LONGEST_SILENCE_MS;
    if (isShort || heartbeatTimeout !== undefined) return [];
    return [`${name} may take more than 10 minutes for an attempt: let it heartbeat`];
  });
}
