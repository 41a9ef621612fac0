import { Command, Option } from 'commander';
import {
  APIS,
  type Api,
  CONFLICT_POLICIES,
  type ConflictPolicy,
  conflictPoliciesOf,
  type ExecutedOn,
  POLICY_QUESTIONS,
  type PolicyQuestion,
  PRIORS,
  type Prior,
  REUSE_POLICIES,
  type ReusePolicy,
  readExecutedOn,
  readPolicies,
} from '#atlas';
import type { Ends, ExitCode } from './index.ts';
import { askServer } from './matrix-live.ts';
import { sentenceOf } from './matrix-sentence.ts';

interface MatrixFlags {
  readonly api: Api;
  readonly reuse: ReusePolicy;
  readonly conflict: ConflictPolicy;
  readonly prior?: Prior;
  readonly live?: true;
  readonly json?: true;
}

/** `press-twice matrix`: what happens if this ID is started again? */
export function matrixCommand(ends: Ends): Command {
  const command = new Command('matrix')
    .addOption(
      new Option('--api <call>', 'the call that asks again').choices(APIS).default('start'),
    )
    .addOption(
      new Option('--reuse <policy>', 'workflow ID reuse policy, for a closed run')
        .choices(REUSE_POLICIES)
        .default('unset'),
    )
    .addOption(
      new Option('--conflict <policy>', 'workflow ID conflict policy, for an open run')
        .choices(CONFLICT_POLICIES)
        .default('unset'),
    )
    .addOption(
      new Option('--prior <run>', 'what is under the ID (default: each of them)').choices(PRIORS),
    )
    .option('--live', 'do it, on the server that the environment names or on a dev server')
    .option('--json', 'the cells as one JSON document')
    .addHelpText('after', helpOf(readExecutedOn()));
  return command.action(async (flags: MatrixFlags) => {
    if (conflictPoliciesOf(flags.api).includes(flags.conflict)) return ends(await answer(flags));
    command.error(
      `error: a child has no conflict policy: leave --conflict out, or use another --api`,
    );
  });
}

function helpOf({ server, sdk }: ExecutedOn): string {
  return `
The answers are the cells of fixtures/atlas/policies.json: each was executed on a Temporal dev server ${server}, with the
TypeScript SDK ${sdk}, and the run IDs that it saw are in --json. With --live it is executed again, under new workflow IDs
that begin with POLICY-; exit code 1 if that server does otherwise.`;
}

/** @returns 1 where a server was asked that does otherwise */
async function answer({ live, json, ...asked }: MatrixFlags): Promise<ExitCode> {
  const questions = POLICY_QUESTIONS.filter((question) => isAsked(question, asked));
  const wanted = new Set(questions.map(nameOf));
  const known = readPolicies().filter((cell) => wanted.has(nameOf(cell)));
  const cells = live ? await askServer(questions) : known;

  const sentences = cells.map(sentenceOf);
  process.stdout.write(`${json ? JSON.stringify(cells, null, 2) : sentences.join('\n')}\n`);
  const other = known.map(sentenceOf).filter((sentence) => !sentences.includes(sentence));
  for (const sentence of other) process.stderr.write(`The atlas says otherwise: ${sentence}\n`);
  return other.length === 0 ? 0 : 1;
}

function isAsked(
  { api, reuse, conflict, prior }: PolicyQuestion,
  asked: Pick<MatrixFlags, 'api' | 'reuse' | 'conflict' | 'prior'>,
): boolean {
  const isSame = api === asked.api && reuse === asked.reuse && conflict === asked.conflict;
  return isSame && (asked.prior === undefined || asked.prior === prior);
}

function nameOf({ api, reuse, conflict, prior }: PolicyQuestion): string {
  return [api, reuse, conflict, prior].join();
}
