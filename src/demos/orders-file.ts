import { z } from 'zod';
import {
  type Behaviour,
  flawOfOrder,
  type OrderInput,
  type OrderStatus,
  TRANSITIONS,
} from '#systems/orders';
import { CANCEL_MOMENTS, type OrderAct } from './orders-acts.ts';
import { BadFileError, readTextFile } from './text-file.ts';

/**
 * Reads one act: `{title, order, world, ends, control}`, as JSON. What the world is not told to do, it does as it should.
 *
 * @throws {BadFileError} naming the line, before anything is started
 */
export async function readOrderAct(path: string): Promise<OrderAct> {
  const text = (await readTextFile(path)).replace(/^\uFEFF/, '');
  const parsed = ACT.safeParse(parseJson(path, text), { error: ruleOf });
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    const { member, why } = flawOf(first);
    throw badMember(path, text, member, why);
  }
  const { order, ...act } = parsed.data;
  const flaw = flawOfOrder(order as OrderInput);
  if (flaw === undefined) return { ...act, order: order as OrderInput };
  throw badMember(path, text, ['order', flaw.member], `has to be ${flaw.rule}`);
}

const BEHAVIOURS = [
  'answers',
  'fails',
  'fails-after',
  'loses-answer',
  'hangs',
] as const satisfies readonly Behaviour[];
const STATUSES = Object.keys(TRANSITIONS) as OrderStatus[];
const MOST_BEHAVIOURS = 20;
const MOST_PRESSES = 50;

const says = z.string().trim().min(1).max(200);
const behaviours = z.array(z.enum(BEHAVIOURS)).max(MOST_BEHAVIOURS).default([]);

const WORLD = z.strictObject({
  gateway: z
    .strictObject({
      charges: behaviours,
      refunds: behaviours,
      closes: behaviours,
      declines: says.optional(),
    })
    .prefault({}),
  fulfilment: z
    .strictObject({ shipments: behaviours, closes: behaviours, refuses: says.optional() })
    .prefault({}),
  mail: z.strictObject({ mails: behaviours }).prefault({}),
  customer: z
    .strictObject({
      presses: z.int().min(1).max(MOST_PRESSES).default(1),
      cancels_during: z.enum(CANCEL_MOMENTS).optional(),
      reason: says.default('The customer wants it no more'),
    })
    .prefault({}),
});

/** What an order is, the orders know themselves. */
const ORDER = z.strictObject({
  order_id: z.unknown(),
  customer_id: z.unknown(),
  items: z.unknown(),
  currency: z.unknown(),
});

const ACT = z.strictObject({
  title: says,
  order: ORDER,
  world: WORLD,
  ends: z.enum(STATUSES).optional(),
  control: z.boolean().default(false),
});

type Path = readonly PropertyKey[];

function ruleOf(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `has to be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `has to be ${new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(issue.values.map(String))}`;
    case 'too_small':
      return `has to ${haveOrBe(issue.origin)} ${issue.minimum} at least`;
    case 'too_big':
      return `has to ${haveOrBe(issue.origin)} ${issue.maximum} at most`;
    default:
      return 'is not known here';
  }
}

/** Of a list its entries are counted, of a text its characters. */
function haveOrBe(origin: string): string {
  return origin === 'array' || origin === 'string' ? 'have a length of' : 'be';
}

const KINDS: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  int: 'a whole number',
  number: 'a whole number',
  boolean: 'true or false',
};

function flawOf(issue: z.core.$ZodIssue | undefined): { member: Path; why: string } {
  const { path = [], message = 'is not known here' } = issue ?? {};
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  return { member: [...path, ...unknown], why: message };
}

function badMember(path: string, text: string, member: Path, why: string): BadFileError {
  const name = member.reduce<string>((before, one) => {
    if (typeof one === 'number') return `${before}[${one}]`;
    return before === '' ? String(one) : `${before}.${String(one)}`;
  }, '');
  return new BadFileError(path, lineOf(text, member), `${name || 'the file'} ${why}`);
}

/** Where the member is named; where it is missing, what it is missing in. */
function lineOf(text: string, member: Path): number {
  let at = 0;
  for (const name of member) {
    const found = typeof name === 'string' ? text.indexOf(JSON.stringify(name), at) : at;
    if (found < 0) break;
    at = found;
  }
  return lineAt(text, at);
}

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const [, position = '0'] = /at position (\d+)/.exec(String(cause)) ?? [];
    const line = lineAt(text, position === '0' ? text.length : Number(position));
    throw new BadFileError(path, line, 'it is not JSON', { cause });
  }
}
