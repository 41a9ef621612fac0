import { posix } from 'node:path';
import { z } from 'zod';
import { CHAPTER_PATH, HEADER_FIELDS, readHeader } from '../chapters.ts';
import type { SourceFile } from '../tree.ts';

/** What vitest's JSON reporter writes, as far as the book tells it. */
const REPORT = z.object({
  startTime: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(
        z.object({
          ancestorTitles: z.array(z.string()),
          title: z.string(),
          status: z.string(),
        }),
      ),
    }),
  ),
});

export type RunReport = z.infer<typeof REPORT>;

/** @throws when the text is no report of vitest's JSON reporter */
export function readReport(text: string): RunReport {
  return REPORT.parse(JSON.parse(text));
}

/**
 * All chapters as one Markdown document: what each claims, how it shows it, its code, and what came of it in the run that
 * the report is of. Without a report the book says so, and tells no results.
 */
export function renderBook(files: readonly SourceFile[], report: RunReport | undefined): string {
  const chapters = files
    .filter(({ path }) => CHAPTER_PATH.test(path))
    .map((file) => ({ ...file, ...readHeader(file.text) }))
    .toSorted((one, other) => (one.number ?? 0) - (other.number ?? 0));
  const heading = (chapter: Header) => `${chapter.number}. ${chapter.title}`;
  return [
    '# Press twice, pay once',
    `${chapters.length} chapters. Each is a test that runs on real parts. ${ofRun(report)}`,
    chapters.map((chapter) => `- ${legible(heading(chapter))}`).join('\n'),
    ...chapters.flatMap((chapter) => [
      `## Chapter ${legible(heading(chapter))}`,
      ...HEADER_FIELDS.map((name) => `**${name}.** ${legible(fieldOf(chapter, name))}`),
      `**Result.** ${resultOf(chapter.path, report)}`,
      `\`${chapter.path}\``,
      fenced(chapter.text.replace(/^\/\*\*.*?\*\/\n/s, '').trim()),
    ]),
    '',
  ].join('\n\n');
}

type Header = ReturnType<typeof readHeader>;
type Test = RunReport['testResults'][number]['assertionResults'][number];

function fieldOf({ fields }: Header, name: string): string {
  return new Map(fields).get(name) ?? '';
}

function ofRun(report: RunReport | undefined): string {
  if (report === undefined) return 'There is no report of a run, so no results are told.';
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const at = new Date(report.startTime).toISOString();
  return `In the run of ${at}, ${countOf(tests)} passed, of chapters and all others.`;
}

function resultOf(path: string, report: RunReport | undefined): string {
  if (report === undefined) return 'Not told: there is no report of a run.';
  const tests = report.testResults
    .filter(({ name }) => `/${name.replaceAll('\\', '/')}`.endsWith(`/${path}`))
    .flatMap(({ assertionResults }) => assertionResults);
  if (tests.length === 0) return `${posix.basename(path)} was not in that run.`;
  const lines = tests.map(
    ({ status, ancestorTitles, title }) =>
      `- ${status}: ${legible([...ancestorTitles, title].join(': '))}`,
  );
  return [`${countOf(tests)} passed.`, '', ...lines].join('\n');
}

function countOf(tests: readonly Test[]): string {
  const passed = tests.filter(({ status }) => status === 'passed').length;
  return `${passed} of ${tests.length} tests`;
}

/** Code may hold fences of its own. */
function fenced(code: string): string {
  const longest = Math.max(2, ...(code.match(/`{3,}/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}ts\n${code}\n${fence}`;
}

/** What looks like a tag of HTML stays text. */
function legible(text: string): string {
  return text.replaceAll('<', '&lt;');
}
