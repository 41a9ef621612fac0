import type { LedgerRecord, Moment, RequestRecord } from '#testkit';
import type { AttemptSeen } from './picture-endings.ts';
import { cut, type Markup, markup } from './picture-markup.ts';
import { sinceStart } from './picture-scale.ts';
import { isRefused, outcomeOf, type Scene } from './picture-scene.ts';
import { cameWords, ENDINGS, heard, leftOut, shortRun } from './picture-words.ts';

/** Something that an exercise says must hold, and what came of it. */
export interface PictureClaim {
  readonly code: string;
  readonly says: string;
  readonly got: string;
  readonly wanted: string;
  readonly holds: boolean;
  /** False where it was never made. */
  readonly reached?: boolean;
}

interface Column {
  readonly name: string;
  readonly claims: readonly PictureClaim[];
}

/** Every claim in a row that can be linked to by its code, with what each side got. */
export function claimsTable(columns: readonly Column[]): Markup {
  const codes = [...new Set(columns.flatMap(({ claims }) => claims.map(({ code }) => code)))];
  const rows = codes.map((code) => {
    const found = columns.map(({ claims }) => worst(claims.filter((made) => made.code === code)));
    const claim = found.find((one) => one !== undefined);
    return markup`<tr id="${code}"><th scope="row" class="code">${cut(code, 40)}</th><td>${cut(claim?.says ?? '', 120)}</td><td class="cut">${cut(claim?.wanted ?? '', 80)}</td>${found.map(gotCell)}</tr>\n`;
  });
  const heads = columns.map(({ name }) => markup`<th scope="col">${name}</th>`);
  return scrolling(
    'The claims',
    markup`<table><caption>What must hold, and what came of it</caption>
<thead><tr><th scope="col">claim</th><th scope="col">what must hold</th><th scope="col">wanted</th>${heads}</tr></thead>
<tbody>
${rows}</tbody></table>`,
  );
}

/** A claim may be made by several tests. */
function worst(claims: readonly PictureClaim[]): PictureClaim | undefined {
  return claims.find(({ holds }) => !holds) ?? claims[0];
}

function gotCell(claim: PictureClaim | undefined): Markup {
  if (!claim || claim.reached === false) return markup`<td class="quiet">not reached</td>`;
  const { holds, got } = claim;
  return markup`<td class="cut ${holds ? 'good' : 'bad'}">${holds ? '✓ holds' : '✗ fails'}: ${cut(got, 80)}</td>`;
}

/** What the drawing shows, step by step, and how much of it was left out. */
export function stepsTable(caption: string, scene: Scene): Markup | undefined {
  const steps = stepsOf(scene);
  if (steps.length === 0) return undefined;
  const rows = steps.map(
    ({ moment, who, what }) =>
      markup`<tr><th scope="row">${moment.order}</th><td>${sinceStart(scene, moment)}</td><td>${who}</td><td>${what}</td></tr>\n`,
  );
  const table = markup`<table class="of-steps"><caption>${caption}</caption>
<thead><tr><th scope="col">step</th><th scope="col">ms</th><th scope="col">who</th><th scope="col">what happened</th></tr></thead>
<tbody>
${rows}</tbody></table>`;
  return markup`${scrolling(caption, table)}${omissions(scene)}`;
}

/** What is wider than its box is moved inside it, by the keyboard too. */
export function scrolling(name: string, content: Markup): Markup {
  return markup`<div class="scroll" tabindex="0" role="group" aria-label="${name}">${content}</div>\n`;
}

interface Step {
  readonly moment: Moment;
  readonly who: string;
  readonly what: string;
}

function stepsOf({ requests, attempts, ledger, gates }: Scene): readonly Step[] {
  return [
    ...requests.items.flatMap(stepsOfRequest),
    ...attempts.items.flatMap(stepsOfAttempt),
    ...ledger.items.map(stepOfLedger),
    ...gates.flatMap(({ name, parties, opened }) => {
      const what = `${cut(name, 40)} opens: ${parties} are there`;
      return opened ? { moment: opened, who: 'gate', what } : [];
    }),
  ].toSorted((one, other) => one.moment.order - other.moment.order);
}

function stepsOfRequest(request: RequestRecord): readonly Step[] {
  const { client, about, sent, answered, runId } = request;
  const who = cut(client, 40);
  const run = runId ? ` (run ${shortRun(runId)})` : '';
  const what = `${isRefused(request) ? 'gets an error' : 'hears'}: ${heard(request)}${run}`;
  return [
    { moment: sent, who, what: about ? `asks for ${cut(about, 40)}` : 'asks' },
    ...(answered ? [{ moment: answered, who, what }] : []),
  ];
}

function stepsOfAttempt(seen: AttemptSeen): readonly Step[] {
  const { activity, attempt, runId, worker, started, ended, error } = seen;
  const who = `${cut(activity, 40)}, attempt ${attempt}, run ${shortRun(runId)}, ${cut(worker, 30)}`;
  const what = `${ENDINGS[seen.ending]}${error === undefined ? '' : ` (${cut(error, 80)})`}`;
  return [
    { moment: started, who, what: 'starts' },
    ...(ended ? [{ moment: ended, who, what }] : []),
  ];
}

function stepOfLedger(entry: LedgerRecord): Step {
  const { asked: moment, what, about = '', key, left } = entry;
  const named = key === undefined ? '' : `, key ${cut(key, 80)}`;
  const rest = left === undefined ? '' : `; ${left} left`;
  const asked = cut(`${about} ${what}`.trim(), 60);
  return { moment, who: 'ledger', what: `${asked}: ${cameWords(entry)}${named}${rest}` };
}

function omissions({ requests, attempts, ledger }: Scene): Markup | undefined {
  const told = [
    ['requests', leftOut(requests, outcomeOf)],
    ['attempts', leftOut(attempts, ({ ending }) => ENDINGS[ending])],
    ['ledger', leftOut(ledger, cameWords)],
  ].flatMap(([name, text]) => (text === undefined ? [] : `${name}: ${text}`));
  if (told.length === 0) return undefined;
  return markup`<p class="quiet">Left out of drawing and table: ${told.join('; ')}.</p>`;
}
