import { posix } from 'node:path';
import { readTitles } from '../../claims/read.ts';
import type { Offence, Rule, SourceFile } from '../tree.ts';

const RUNBOOK = 'tests/chapters/RUNBOOK.md';
const COMMANDS = 'src/cli/index.ts';
const FIELDS = ['Symptom', 'Command', 'Meaning', 'What to do', 'Test'];

const TEST = 'tests/rooms/cli/stuck.test.ts';
const ENTRY = `## 1. A key stays in flight

- **Symptom**: A client is told 409.
- **Command**: \`npx press-twice stuck\`
- **Meaning**: Somebody has died.
- **What to do**: Look,
  and settle it.
- **Test**: [finds a key](../rooms/cli/stuck.test.ts)
`;
const around = (entry: string) => ({
  [RUNBOOK]: `# The runbook\n\n${entry}`,
  [COMMANDS]: 'const COMMANDS = {\n  stuck: {},\n};',
  [TEST]: `it('finds a key', f);`,
});

/** An entry without a test is a rumour, and a command that does not exist is found out at night. */
export const runbookRule: Rule = {
  claim:
    'every entry of the runbook has symptom, command, meaning, what to do, and a test that exists',
  find: (files) => {
    const runbook = files.find(({ path }) => path === RUNBOOK);
    return runbook === undefined ? [] : entriesOf(runbook).flatMap((one) => complaints(one, files));
  },
  good: { 'an entry that has all five': around(ENTRY) },
  bad: {
    'an entry without a meaning, and one with two': {
      tree: around(
        `${ENTRY.replace(/- \*\*Meaning.*\n/, '')}\n${ENTRY.replace(/(- \*\*Meaning.*\n)/, '$1$1')}`,
      ),
      found: [`${RUNBOOK}:3`, `${RUNBOOK}:11`],
    },
    'a command that is none, and one that there is not': {
      tree: around(
        `${ENTRY.replace('`npx press-twice stuck`', 'Look.')}\n${ENTRY.replace('stuck`', 'mend`')}`,
      ),
      found: [`${RUNBOOK}:3`, `${RUNBOOK}:12`],
    },
    'a test that was renamed, one whose file was moved, and none': {
      tree: around(
        [
          ENTRY.replace('finds a key', 'finds two'),
          ENTRY.replace('stuck.test.ts', 'gone.test.ts'),
          ENTRY.replace(/\[.*\)/, 'see there'),
        ].join('\n'),
      ),
      found: [`${RUNBOOK}:3`, `${RUNBOOK}:12`, `${RUNBOOK}:21`],
    },
  },
};

interface Entry {
  readonly title: string;
  readonly line: number;
  readonly fields: readonly (readonly [name: string, text: string])[];
}

/** Each heading of the second level, with the items under it that begin with a bold word. */
function entriesOf({ text }: SourceFile): Entry[] {
  const [before = '', ...entries] = text.split(/^(?=## )/m);
  let line = before.split('\n').length;
  return entries.map((entry) => {
    const begins = line;
    line += entry.split('\n').length - 1;
    const [title = '', ...items] = entry.split(/^(?=- \*\*)/m);
    const fields = items.map((item) => {
      const [, name = '', said = ''] = /^- \*\*(.+?)\*\*:\s*(.*)$/s.exec(item) ?? [];
      return [name, said.trim()] as const;
    });
    return { title: title.split('\n', 1)[0]?.slice('## '.length) ?? '', line: begins, fields };
  });
}

function complaints({ title, line, fields }: Entry, files: readonly SourceFile[]): Offence[] {
  const names = fields.map(([name]) => name).join(', ');
  const { Command: command = '', Test: test = '' } = Object.fromEntries(fields);
  const complete = names === FIELDS.join(', ') && fields.every(([, text]) => text !== '');
  const links = [...test.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(
    ([, name = '', to = '']) => [name, posix.join(posix.dirname(RUNBOOK), to)] as const,
  );
  const findings: readonly (readonly [isFound: boolean, message: string])[] = [
    [!complete, `has "${names}": it needs ${FIELDS.join(', ')}`],
    [complete && !command.includes('`'), 'has no command: write the line that is typed'],
    ...unknownCommands(fields, files).map(
      (name) => [true, `names press-twice ${name}, which is no command`] as const,
    ),
    [complete && links.length === 0, 'has no test: link the one that shows it'],
    ...links.map(
      ([name, path]) =>
        [!isTest(files, path, name), `names a test that is not in ${path}: "${name}"`] as const,
    ),
  ];
  return findings
    .filter(([isFound]) => isFound)
    .map(([, message]) => ({ path: RUNBOOK, line, message: `"${title}" ${message}` }));
}

function unknownCommands(fields: Entry['fields'], files: readonly SourceFile[]): string[] {
  const commands = files.find(({ path }) => path === COMMANDS)?.text ?? '';
  const named = fields.flatMap(([, text]) => [...text.matchAll(/press-twice ([a-z]+)/g)]);
  return [...new Set(named.map(([, name = '']) => name))].filter(
    (name) => !new RegExp(`^  ${name}: \\{`, 'm').test(commands),
  );
}

function isTest(files: readonly SourceFile[], path: string, title: string): boolean {
  const file = files.find((one) => one.path === path);
  return file !== undefined && readTitles(file).has(title);
}
