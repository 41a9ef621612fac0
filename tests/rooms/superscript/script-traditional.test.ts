import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, vi } from 'vitest';
import { loadConfig } from '#config';
import { newOrderId } from '#fixtures/superscript/place';
import { startHttp } from '#server';
import { createMemoryAccountStore } from '#systems/fees';
import { createPaymentLedger } from '#systems/superscript';
import { it } from '#testkit/vitest';
import { clientOfNobody } from '../server/house.ts';
import { createTill } from './payment-scripts.ts';

describe('the traditional script that a server has started', () => {
  it('pays into the ledger of a script that is run by hand, and ends with the server', async () => {
    await using till = await createTill();
    await using nobody = await clientOfNobody();
    const orderId = newOrderId();
    // A relative path is to be ignored.
    const ofAPerson = { HOME: till.folder, XDG_STATE_HOME: 'state' };
    const ledger = createPaymentLedger(
      join(till.folder, '.local/state/press-twice/payments.ledger'),
    );
    const byHand = await till.single(orderId, { ...ofAPerson, PAYMENT_LEDGER: '' });
    expect(byHand).toMatchObject({ exit: 0, stderr: '' });
    expect(await ledger.effects()).toHaveOneEffect(`${orderId}/confirm`);

    const environment = {
      ...ofAPerson,
      PATH: process.env.PATH,
      PAYMENT_STEP1_ANSWER_DELAY_MS: '600000', // It has its effect, and does not come to tell.
    };
    {
      const config = loadConfig({ PORT: '0' });
      const accounts = createMemoryAccountStore({ balancesCents: {} });
      const options = { config, accounts, temporal: nobody, superscript: { environment } };
      await using server = await startHttp(options);
      const response = await fetch(`${server.url}/run/traditional`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ order_ids: [orderId] }),
      });
      expect(response.status).toBe(202);
      await vi.waitFor(async () =>
        expect(await ledger.effects()).toHaveEffects(`${orderId}/collect`, 2),
      );
      expect((await scriptsOf(orderId)).length, 'processes of the script').toBeGreaterThan(0);
    }

    expect(await scriptsOf(orderId), 'processes of the script').toEqual([]);
    expect(await ledger.effects()).toHaveOneEffect(`${orderId}/confirm`);
  });
});

/** Process IDs. `pgrep` ends with 1 where it finds none. */
async function scriptsOf(orderId: string): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('pgrep', ['-f', orderId]).catch(() => ({
    stdout: '',
  }));
  return stdout.split('\n').filter((pid) => pid !== '');
}
