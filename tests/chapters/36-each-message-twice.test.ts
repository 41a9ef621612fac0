/**
 * Chapter 36. Each message twice
 *
 * Claim     Of 13 messages to a run one has one effect wherever its second copy comes: the completion of an activity by
 *           its token. An update ID holds for one run and its resets, and for nothing after continue-as-new.
 * Method    Each message is sent twice: at once, one after the other, after the close, after continue-as-new and after a
 *           reset: 65 cells, executed by `npm run atlas`, and 18 of them here. No workflow ID policy is written out.
 * Evidence  A ledger outside of the runs, with a line for each thing that they have done; how the second was refused.
 * Control   The signal: it has no ID, so two are two, and a reset brings one again that nobody has sent again. The order
 *           of chapter 28, which remembers what it was told, has one note of 201.
 */
import { describe, expect } from 'vitest';
import { it } from '#testkit/vitest';
import { readCells } from '../atlas/cells.ts';
import { executeMessage, messages } from '../atlas/messages.ts';
import { type MessageCell, SECONDS, type Second } from '../atlas/messages-twice.ts';
import { runTold } from '../atlas/told.ts';

const ATLAS = readCells(messages);
const ONE_BY_ONE: readonly Second[] = ['at once', 'one after the other'];

describe('a message that is sent twice', () => {
  it('comes to what the atlas says, in 18 cells of its 65: signal, update and completion in each situation', async ({
    temporal,
  }) => {
    await using runs = await runTold(temporal);
    const sample = ATLAS.filter(isInSample);

    const cells = await Promise.all(
      sample.map(({ message, second }) => executeMessage(runs, message, second)),
    );

    expect(cells.length, 'cells').toBe(3 * SECONDS.length + 3);
    expect(cells.map(inWords)).toEqual(sample.map(inWords));
    // No two cells share a run, so none can have seen another's effects.
    const runIds = cells.flatMap((cell) => cell.runIds ?? []);
    expect(new Set(runIds).size, 'distinct run IDs').toBe(runIds.length);
  });

  it('has a cell for each of 13 messages in 5 situations, and each but one has seen its runs', () => {
    const names = new Set(ATLAS.map(({ message }) => message));
    const unseen = ATLAS.filter(({ runIds = [] }) => runIds.length === 0);

    expect(names.size, 'messages').toBe(13);
    expect(ATLAS.length, 'cells').toBe(names.size * SECONDS.length);
    expect(unseen.map(inWords)).toEqual([
      'terminate, after continue-as-new: n/a, what is terminated does not continue',
    ]);
  });

  it('has one effect in all 5 situations only as a completion by token, and a query has none', () => {
    const always = (effects: number) =>
      messagesWhere((cells) => cells.every((cell) => cell.effects === effects));

    expect(always(1)).toEqual(['completion by token']);
    expect(always(0)).toEqual(['query']);
  });

  it('has two effects while its run is open, unless it is named: as a signal, a signalWithStart, a reset', () => {
    const two = ATLAS.filter(({ second, effects }) => ONE_BY_ONE.includes(second) && effects === 2);
    const refused = two.filter((cell) => cell.refused !== null);

    expect(new Set(two.map(({ message }) => message))).toEqual(
      // A schedule names its runs by the second.
      new Set(['signal', 'signalWithStart', 'reset', 'schedule trigger']),
    );
    expect(refused, 'whose sender is told').toEqual([]);
  });
});

describe('an update with an ID', () => {
  it('has one effect in its run and after the close, and two after continue-as-new', () => {
    for (const message of ['update, same ID', 'update with start, same ID']) {
      expect(effectsOf(message)).toEqual({
        'at once': 1,
        'one after the other': 1,
        'after the close': 1,
        'after continue-as-new': 1 + 1,
        // The reset brings the first one again, and knows its ID: the second copy gets that answer.
        'after a reset': 1 + 1,
      });
    }
  });
});

describe('a reset', () => {
  it('brings a signal again that was sent before: two copies are three effects', () => {
    expect(effectsOf('signal')['after a reset']).toBe(2 + 1);
    expect(effectsOf('signalWithStart')['after a reset']).toBe(2 + 1);
  });

  it('makes a run each time that it is asked for, of the same run as well', () => {
    expect(Object.values(effectsOf('reset'))).toEqual(SECONDS.map(() => 2));
  });
});

describe('the close of a run', () => {
  it('lets 5 messages begin anew, where no policy forbids it: start, signalWithStart, child, trigger, backfill', () => {
    const anew = ATLAS.filter(
      ({ second, effects, message }) =>
        second === 'after the close' && effects === 2 && message !== 'reset',
    );

    expect(anew.map(({ message }) => message)).toEqual([
      'start',
      'signalWithStart',
      'child start',
      'schedule trigger',
      'schedule backfill',
    ]);
    expect(anew.filter(({ refused }) => refused !== null)).toEqual([]);
  });

  it('is told to whoever signals, terminates or completes, and to nobody who cancels', () => {
    const refusedBy = Object.fromEntries(
      ['signal', 'terminate', 'completion by token', 'cancel'].map((message) => [
        message,
        cellOf(message, 'after the close')?.refused,
      ]),
    );

    expect(refusedBy).toEqual({
      signal: 'WorkflowNotFoundError',
      terminate: 'WorkflowNotFoundError',
      'completion by token': 'ActivityNotFoundError',
      cancel: null,
    });
  });
});

/** Those that differ by situation, and one cell each of what begins anew, of what is refused, and of a parent. */
function isInSample({ message, second }: MessageCell): boolean {
  const whole = ['signal', 'update, same ID', 'completion by token'];
  const single = ['start, after the close', 'terminate, after a reset', 'child start, at once'];
  return whole.includes(message) || single.includes(`${message}, ${second}`);
}

function inWords({ message, second, effects, refused, because }: MessageCell): string {
  const came = [effects, because, refused].filter((word) => word !== undefined && word !== null);
  return `${message}, ${second}: ${came.join(', ')}`;
}

function effectsOf(message: string): Readonly<Record<string, unknown>> {
  const cells = ATLAS.filter((cell) => cell.message === message);
  return Object.fromEntries(cells.map(({ second, effects }) => [second, effects]));
}

function cellOf(message: string, second: Second): MessageCell | undefined {
  return ATLAS.find((cell) => cell.message === message && cell.second === second);
}

function messagesWhere(holds: (cells: readonly MessageCell[]) => boolean): readonly string[] {
  const names = [...new Set(ATLAS.map(({ message }) => message))];
  return names.filter((name) => holds(ATLAS.filter(({ message }) => message === name)));
}
