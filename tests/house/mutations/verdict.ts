import { z } from 'zod';

export type Verdict =
  | { readonly how: 'killed'; readonly by: string; readonly says: string }
  | { readonly how: 'green'; readonly named?: string }
  | { readonly how: 'undecided'; readonly why: string };

/**
 * What vitest's JSON report says of a run. Killed means that a test ran and an assertion did not hold:
 * a chapter that cannot be loaded, or that only runs out of time, has told its reader nothing.
 */
export function judge(report: unknown): Verdict {
  const { success, testResults } = REPORT.parse(report);
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed');
  const telling = failed.find(({ failureMessages }) => !failureMessages.every(isTimeOut));
  if (telling) {
    const says = firstLine(telling.failureMessages.find((text) => !isTimeOut(text)) ?? '');
    return { how: 'killed', by: telling.fullName, says };
  }
  if (failed[0]) return undecided(`"${failed[0].fullName}" ran out of time, and said nothing else`);
  const broken = testResults.find(({ assertionResults }) => assertionResults.length === 0);
  if (broken) return undecided(`the chapter could not be loaded: ${firstLine(broken.message)}`);
  return success ? { how: 'green' } : undecided('every test passed, yet the run failed');
}

export function undecided(why: string): Verdict {
  return { how: 'undecided', why };
}

const REPORT = z.object({
  success: z.boolean(),
  testResults: z
    .array(
      z.object({
        message: z.string(),
        assertionResults: z.array(
          z.object({
            fullName: z.string(),
            status: z.string(),
            failureMessages: z
              .array(z.string())
              .nullish()
              .transform((messages) => messages ?? []),
          }),
        ),
      }),
    )
    .min(1),
});

/** The report has the stack of a time-out without its message. */
function isTimeOut(message: string): boolean {
  return /^Error: (STACK_TRACE_ERROR|(Test|Hook) timed out)/.test(message);
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}
