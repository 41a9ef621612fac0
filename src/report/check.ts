import type { CheckReport, RuleReport, Verdict } from '#check';
import { type Paint, renderTable } from './terminal.ts';

/** What a check has found: the broken rules first, each with what was seen, and where the rules come from. No line at the end. */
export function renderCheck(report: CheckReport, paint: Paint): string {
  const rules = report.rules.toSorted((one, other) => rank(one) - rank(other));
  const table = renderTable(
    {
      title: `${report.url}, ${report.requests} requests`,
      columns: ['rule', 'level', 'verdict', 'what was seen', 'sources'],
      rows: rules.map((rule) => [
        rule.id,
        rule.level,
        styleOf(rule.verdict, paint)(rule.verdict),
        [...wrapped(rule.title, WIDTH), ...wrapped(rule.seen, WIDTH - 2).map(indented)].join('\n'),
        wrapped(rule.sources.join(' '), SOURCES_WIDTH).join('\n'),
      ]),
    },
    paint,
  );
  return [table, '', ...sources(report, paint), '', lastLine(report, paint)].join('\n');
}

const ORDER: readonly Verdict[] = ['broken', 'held', 'not testable'];

function rank({ verdict }: RuleReport): number {
  return ORDER.indexOf(verdict);
}

function styleOf(verdict: Verdict, paint: Paint): (text: string) => string {
  if (verdict === 'broken') return paint.bad;
  return verdict === 'held' ? paint.good : paint.faint;
}

/** Those of the broken rules: whoever has to mend something wants to read why. */
function sources({ rules, sources: texts }: CheckReport, paint: Paint): readonly string[] {
  const broken = rules.filter(({ verdict }) => verdict === 'broken');
  const named = new Set(broken.flatMap((rule) => rule.sources));
  return [...named].map((id) => paint.faint(`${id.padEnd(11)} ${texts[id]}`));
}

function lastLine({ held, broken, brokenMusts, notTestable }: CheckReport, paint: Paint): string {
  const text = `${held} held, ${broken} broken (${brokenMusts} of them MUST), ${notTestable} not testable`;
  if (brokenMusts > 0) return paint.bad(text);
  return broken > 0 ? paint.limit(text) : paint.good(text);
}

const WIDTH = 76;
const SOURCES_WIDTH = 20;

function indented(line: string): string {
  return `  ${line}`;
}

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
