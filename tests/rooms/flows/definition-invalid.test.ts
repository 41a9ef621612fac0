import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type FlowFileError, readFlowFile } from '#systems/flows';

const FOLDER = fileURLToPath(new URL('../../../fixtures/flows/invalid', import.meta.url));

/** JSON has no comments. */
const IN_JSON: Readonly<Record<string, readonly string[]>> = {
  'comment.json': ['4:3 is no JSON: Expected double-quoted property name'],
  'names-twice.json': ['6:41 node is here twice', '7:5 step_1 is here twice'],
  'trailing-comma.json': ['5:52 is no JSON: Expected double-quoted property name'],
  'yaml-within.json': ["1:2 is no JSON: Unexpected token 'a'"],
};

describe('a definition that cannot be run', () => {
  it.each(readdirSync(FOLDER))('is refused with every problem, where it is: %s', async (file) => {
    const refused = await readFlowFile(`${FOLDER}/${file}`).catch((error: FlowFileError) => error);

    expect(refused).toMatchObject({ name: 'FlowFileError', file: `${FOLDER}/${file}` });
    const { problems, message } = refused as FlowFileError;
    const found = problems.map(({ line, column, message: what }) => `${line}:${column} ${what}`);
    expect(found).toEqual(IN_JSON[file] ?? expectedIn(file));
    expect(message.split('\n'), 'one line a problem').toHaveLength(found.length);
  });

  it('is there for each way to be invalid that has words of its own', () => {
    const words = readdirSync(FOLDER).flatMap(expectedIn).join('\n');

    expect(words).toContain('start step not found in definition: step_0');
    expect(words).toContain('step step_1 has an empty node name');
    expect(words).toContain(
      "invalid node name 'send_mesage' in step 'step_1': node is not registered",
    );
    expect(words).toContain('circular workflow definition detected at step: step_1');
    expect(words).toContain('step definition not found: nowhere');
    expect(words).toContain('step is never reached: step_2');
  });
});

/** Each file begins with what is wrong with it. */
function expectedIn(file: string): string[] {
  const lines = readFileSync(`${FOLDER}/${file}`, 'utf8').split('\n');
  const end = lines.findIndex((line) => !/^# \d+:\d+ /.test(line));
  return lines.slice(0, end).map((line) => line.slice('# '.length));
}
