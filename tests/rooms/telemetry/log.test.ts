import { describe, expect, it } from 'vitest';
import { loadConfig } from '#config';
import { StoreUnavailableError } from '#idempotency';
import type { FeeProgress } from '#systems/fees';
import { type SystemEvent, startTelemetry } from '#telemetry';
import { createLog } from '#telemetry/log';

const FEE = { orderId: 'order-1', accountId: 'marked-account', amountCents: 10_00 };
const RUN = { workflowId: 'FEE-WF-order-1', runId: 'run-1' };
const KEY = { event: 'key', step: 'deduct-fee', attempt: 2, ...RUN } as const;

describe('the log of a process', () => {
  it('has a JSON line for a start and for each try under a key, and the time it was', async () => {
    const { lines } = await logged([
      { event: 'run', fee: FEE, outcome: 'started', ...RUN },
      { ...KEY, outcome: 'replay' },
      { event: 'key', step: 'http', outcome: 'first' },
    ]);

    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT.+Z$/);
    const common = { level: 'info', time, system: 'fees' };
    expect(lines).toEqual([
      { ...common, msg: 'start', outcome: 'started', ...RUN },
      { ...common, msg: 'key', step: 'deduct-fee', attempt: 2, outcome: 'replay', ...RUN },
      { ...common, msg: 'key', step: 'http', outcome: 'first' },
    ]);
  });

  it('takes from an event what it names, and nothing of the fee that is in it', async () => {
    const { text } = await logged([
      { event: 'asked', fee: FEE },
      { event: 'run', fee: FEE, outcome: 'started', ...RUN },
      { event: 'answered', fee: FEE, status: 200, replayed: false },
    ]);

    expect(text).toContain('FEE-WF-order-1');
    expect(text).not.toMatch(/marked-account|1000|amount/);
  });

  it.each(['mismatch', 'unknown'] as const)('warns of the outcome %s', async (outcome) => {
    const { lines } = await logged([{ ...KEY, outcome }]);

    expect(lines).toMatchObject([{ level: 'warn', outcome }]);
  });

  it('warns of a start that was asked for something else', async () => {
    const { workflowId } = RUN;
    const { lines } = await logged([
      { event: 'refused', fee: FEE, outcome: 'mismatch', workflowId },
    ]);

    expect(lines).toMatchObject([{ level: 'warn', msg: 'start', outcome: 'mismatch', workflowId }]);
  });

  it('names a fault and says its message, and not where it happened or what it carries', async () => {
    const error = Object.assign(new StoreUnavailableError('ECONNREFUSED'), { account: 'alice' });

    const { lines, text } = await logged([{ event: 'broke', error }]);

    expect(lines).toMatchObject([
      {
        level: 'error',
        system: 'fees',
        msg: 'fault',
        err: {
          type: 'StoreUnavailableError',
          message: 'The store is away: ECONNREFUSED. Nothing was done; ask again',
        },
      },
    ]);
    expect(text).not.toMatch(/alice|log\.test\.ts/);
  });

  it('keeps of what is no error only that it was none', async () => {
    const { lines, text } = await logged([{ event: 'broke', error: 'marked-account' }]);

    expect(lines).toMatchObject([{ level: 'error', err: { type: 'string' } }]);
    expect(text).not.toContain('marked-account');
  });

  it('says less at LOG_LEVEL=warn, and nothing at silent', async () => {
    const events: FeeProgress[] = [
      { ...KEY, outcome: 'first' },
      { ...KEY, outcome: 'mismatch' },
    ];

    const warn = await logged(events, 'warn');
    const silent = await logged(events, 'silent');

    expect(warn.lines.map(({ outcome }) => outcome)).toEqual(['mismatch']);
    expect(silent.text).toBe('');
  });

  it('passes on what the SDK warns of, with the name of an error and not its message', () => {
    const written: string[] = [];
    const log = createLog('info', { write: (line) => void written.push(line) });

    log.sdk({
      level: 'WARN',
      message: 'Activity failed',
      timestampNanos: 0n,
      meta: {
        ...RUN,
        sdkComponent: 'worker',
        activityType: 'deductFee',
        attempt: 1,
        error: new Error('No account "marked-account"'),
        input: FEE,
      },
    });

    expect(linesOf(written)).toMatchObject([
      {
        level: 'warn',
        msg: 'Activity failed',
        component: 'sdk worker',
        ...RUN,
        activity: 'deductFee',
        attempt: 1,
        err: { type: 'Error' },
      },
    ]);
    expect(written.join('')).not.toContain('marked-account');
  });
  it('takes out of a message of the SDK the error that it quotes', () => {
    const written: string[] = [];
    const log = createLog('info', { write: (line) => void written.push(line) });
    const error = new SyntaxError('Unexpected token: "marked-account"');

    log.sdk({
      level: 'ERROR',
      message: `Error while processing ActivityTask.start: ${error.message}`,
      timestampNanos: 0n,
      meta: { error },
    });

    expect(linesOf(written)).toMatchObject([
      { level: 'error', msg: 'Error while processing ActivityTask.start: …' },
    ]);
    expect(written.join('')).not.toContain('marked-account');
  });
});

/** What is written of these events of the fee system. */
async function logged(events: readonly FeeProgress[], level = 'info') {
  const written: string[] = [];
  const config = loadConfig({ LOG_LEVEL: level });
  const logTo = { write: (line: string) => void written.push(line) };
  await using telemetry = await startTelemetry({ config, logTo });
  const report: (event: SystemEvent) => void = telemetry.of('fees');
  for (const event of events) report(event);
  return { lines: linesOf(written), text: written.join('') };
}

function linesOf(written: readonly string[]): readonly Record<string, unknown>[] {
  return written.map((line) => JSON.parse(line) as Record<string, unknown>);
}
