import { createRequire } from 'node:module';
import { AnswerLostError, type Bank, createBank, type Entry } from '#exercises';
import { type Picture, type PictureClaim, renderPicture } from '#report';
import { createRecorder, type Evidence, type Recorder } from '#testkit';

/**
 * Fees of one account, as the recorder and the bank of the exercises note them: a client each, at once, in a run of its
 * own. The bank's first answer is lost, so that one of them asks twice.
 */
export async function recordFees({
  clients = 1,
  keyed = false,
}: {
  readonly clients?: number;
  readonly keyed?: boolean;
} = {}): Promise<Evidence> {
  const recorder = createRecorder('is tried twice and taken once');
  const bank = createBank(({ account, amount, balance, key, ...asking }) =>
    recorder.ledger({
      ...asking,
      what: `−${-amount}`,
      about: account,
      left: balance,
      ...(key !== undefined && { key }),
    }),
  );
  bank.open('alice', 1000);
  bank.loseNextAnswer();
  await Promise.all(
    Array.from({ length: clients }, async (_, order) =>
      recorder.request(`client ${order + 1}`, async () => {
        const { balance } = await payFee({ recorder, bank, order, keyed });
        return { outcome: String(balance), runId: runIdOf(order) };
      }),
    ),
  );
  return recorder.evidence();
}

interface Fee {
  readonly recorder: Recorder;
  readonly bank: Bank;
  readonly order: number;
  readonly keyed: boolean;
}

/** As a workflow does it: one more attempt where the answer was lost. */
async function payFee(fee: Fee, attempt = 1): Promise<Entry> {
  const { recorder, bank, order, keyed } = fee;
  const run = { workflowId: `fee-order-${order}`, runId: runIdOf(order), worker: 'worker 1' };
  try {
    return await recorder.attempt({ ...run, activity: 'deductFee', attempt }, () =>
      bank.post('alice', -10, keyed ? { key: `fee:order-${order}` } : {}),
    );
  } catch (error) {
    if (!(error instanceof AnswerLostError)) throw error;
    return await payFee(fee, attempt + 1);
  }
}

/** The same, with each moment so many milliseconds after the one before. */
export function paced(evidence: Evidence, stepMs: number): Evidence {
  const pace = (_: string, value: unknown) =>
    typeof value === 'object' && value !== null && 'order' in value
      ? { ...value, at: Number(value.order) * stepMs }
      : value;
  return JSON.parse(JSON.stringify(evidence, pace)) as Evidence;
}

export const facts: Picture['facts'] = {
  commit: '1234567',
  server: 'Temporal server 1.29.1',
  sdk: 'TypeScript SDK 1.24.0',
  date: '2026-01-31 12:00 UTC',
};

const MUST_BE_ONE = { code: 'ONE-DEDUCTION', says: 'the bank wrote one entry', wanted: '1' };
export const broken: PictureClaim = { ...MUST_BE_ONE, got: '2', holds: false };
export const held: PictureClaim = { ...MUST_BE_ONE, got: '1', holds: true };

/** Fees without a key above the same with one. */
export async function pictureOfFees(clients: number): Promise<Picture> {
  return {
    title: '09 · The exactly-once myth',
    story: 'One lost answer.',
    before: { name: 'the starter', evidence: [await recordFees({ clients })], claims: [broken] },
    after: {
      name: 'the solution',
      evidence: [await recordFees({ clients, keyed: true })],
      claims: [held],
    },
    facts,
  };
}

/** The pages that a browser has to show well, by name. */
export async function renderedPages(): Promise<Readonly<Record<string, string>>> {
  const [one, many] = [await pictureOfFees(1), await pictureOfFees(50)];
  const nothing = { ...createRecorder('asks for nothing').evidence() };
  const { before: _, ...alone } = many;
  return {
    'one client': renderPicture(one),
    'fifty clients': renderPicture(many),
    'fifty clients without a before': renderPicture(alone),
    'one client under an empty record': renderPicture({
      ...one,
      before: { name: 'the starter', evidence: [nothing], claims: [], stopped: 'TypeError: no' },
    }),
  };
}

/** What is used here of a page; `@types/jsdom` would bring the types of a browser's `fetch` along. */
export interface PageElement {
  readonly textContent: string;
  readonly tagName: string;
  getAttributeNames(): readonly string[];
  getAttribute(name: string): string | null;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
}

interface Opened {
  readonly window: {
    readonly document: PageElement;
    eval(code: string): unknown;
    close(): void;
  };
}

const { JSDOM } = createRequire(import.meta.url)('jsdom') as {
  readonly JSDOM: new (html: string, options: { readonly runScripts: 'outside-only' }) => Opened;
};

/** The page in jsdom, which draws nothing and runs no script of it. */
export function openPage(html: string): Opened['window'] {
  return new JSDOM(html, { runScripts: 'outside-only' }).window;
}

export function textsOf(page: PageElement | null, selector: string): readonly string[] {
  return [...(page?.querySelectorAll(selector) ?? [])].map(({ textContent }) => textContent);
}

function runIdOf(order: number): string {
  return `01a200ff-9778-796a-a3cb-25b4324d${String(order + 1).padStart(4, '0')}`;
}
