import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '#idempotency';
import { type FlowFileError, parseFlow, readFlowFile, targetsOf } from '#systems/flows';

const FOLDER = fileURLToPath(new URL('../../../fixtures/flows/', import.meta.url));

describe('a flow in a file', () => {
  it('has one content hash, written as JSON and as YAML', async () => {
    const json = await readFlowFile(`${FOLDER}abandoned_cart.json`);
    const yaml = await readFlowFile(`${FOLDER}abandoned_cart.yaml`);

    expect(Object.keys(json.steps)).toHaveLength(6);
    expect(fingerprint(yaml)).toBe(fingerprint(json));
  });

  it('follows up an order through a branch, a no of a webhook, and a loop that ends', async () => {
    const { steps } = await readFlowFile(`${FOLDER}order_follow_up.yaml`);

    expect(steps.is_large?.node).toBe('branch');
    expect(steps.review).toMatchObject({ node: 'webhook', max_visits: 3 });
    expect(targetsOf(steps.review ?? { node: '' })).toEqual(['thank', 'pause']);
    expect(steps.pause?.go_to, 'what closes the loop').toBe('review');
  });

  it('reads whatever JSON can hold as JSON.parse reads it', () => {
    const body = fc.jsonValue({ maxDepth: 4 }).filter(isKept);
    fc.assert(
      fc.property(body, fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
        const config = { body: { value } };
        const steps = { a: { node: 'webhook', config } };
        const flow = { name: 'x', version: '1', start_step: 'a', steps };
        const text = JSON.stringify(flow, null, indent);
        expect(parseFlow(text, 'a.json')).toEqual(JSON.parse(text));
        expect(fingerprint(parseFlow(text, 'a.yaml')), 'read as YAML').toBe(fingerprint(flow));
      }),
    );
  });

  it('tells the place of a problem by line and column, also behind an alias', () => {
    const text = [
      'name: x',
      'start_step: a',
      'steps:',
      '  a: { node: webhook, config: &both { url: nowhere }, go_to: b }',
      '  b: { node: webhook, config: *both }',
    ].join('\n');

    expect(problemsOf(text)).toEqual([
      [4, 39, "bad config in step 'a' (node 'webhook'): url: Invalid URL"],
      [4, 39, "bad config in step 'b' (node 'webhook'): url: Invalid URL"],
    ]);
  });

  it('puts problems in the order of the file, where names are numbers and objects are not', () => {
    const steps = `{ "b": { "node": "x" }, "1": { "node": "y" } }`;
    const text = `{ "name": "x", "version": "1", "steps": ${steps}, "start_step": "b" }`;

    expect(problemsOf(text, 'a.json').map(([, , message]) => message)).toEqual([
      "invalid node name 'x' in step 'b': node is not registered",
      'step is never reached: 1',
      "invalid node name 'y' in step '1': node is not registered",
    ]);
  });

  it.each([
    ['nothing', '', [[1, 1, 'Invalid input: expected object, received null']]],
    ['200 levels', `${'['.repeat(200)}${']'.repeat(200)}`, [[1, 1, 'is nested too deeply']]],
    [
      '20,000 levels',
      `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
      [[1, 1, 'is nested too deeply']],
    ],
  ])('is refused in words where it is %s', (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  it('has each problem on one line of its message, whatever a name holds', () => {
    const text = 'name: x\nstart_step: "a\\n\\e[2J"\nsteps: {}';

    expect(() => parseFlow(text, 'a.yaml')).toThrow(
      /^a\.yaml:2:1: start step not found in definition: a\\n\\u001b\[2J$/,
    );
  });
});

describe('a file that holds no flow', () => {
  it('is named with what is wrong: it is not there, too large, or no text', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'flow-file-'));
    await using _folder = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
    await writeFile(join(folder, 'large.yaml'), Buffer.alloc(2_000_001, '#'));
    await writeFile(join(folder, 'bytes.yaml'), Buffer.from([0xff, 0xfe, 0x00]));

    expect(await complaint(join(folder, 'missing.yaml'))).toMatch(/^1:1 cannot be read: ENOENT/);
    expect(await complaint(folder)).toMatch(/^1:1 cannot be read: EISDIR/);
    expect(await complaint(join(folder, 'large.yaml'))).toBe('1:1 is larger than 2000000 bytes');
    expect(await complaint(join(folder, 'bytes.yaml'))).toBe('1:1 is not text in UTF-8');
  });
});

function problemsOf(text: string, file = 'a.yaml') {
  try {
    parseFlow(text, file);
    return [];
  } catch (error) {
    const { problems } = error as FlowFileError;
    return problems.map(({ line, column, message }) => [line, column, message] as const);
  }
}

async function complaint(file: string): Promise<string | undefined> {
  const error = await readFlowFile(file).catch((refused: FlowFileError) => refused);
  const { problems } = error as FlowFileError;
  return problems.map(({ line, column, message }) => `${line}:${column} ${message}`).join('\n');
}

/** A whole number that is too large is refused, and so is not compared. Nor is a name that no plain object has. */
function isKept(value: unknown): boolean {
  const text = JSON.stringify(value);
  if (text.includes('__proto__') || Object.is(value, -0)) return false;
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(isKept);
}
