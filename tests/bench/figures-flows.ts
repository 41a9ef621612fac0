import { type Figure, openServer, seconds } from './figure.ts';
import { timeChecks, waitTogether, walk } from './flows.ts';

const STEPS_CHECKED = 10_000;
const STEPS_WALKED = 200;
const FLOWS_WAITING = 1_000;

/** The first check comes before all else: nothing of it has been compiled yet, as in a process that has just started. */
export async function figuresOfFlows(): Promise<readonly Figure[]> {
  const checks = await timeChecks(STEPS_CHECKED, 12);
  await using server = await openServer('brisk');
  const walked = await walk(server, STEPS_WALKED);
  const waiting = await waitTogether(server, FLOWS_WAITING);
  const megabytes = (bytes: number) => `${(bytes / 1024 ** 2).toFixed(0)} MB`;
  return [
    {
      what: `a definition with ${STEPS_CHECKED} steps is looked at (the first one: ${checks.firstMs.toFixed(0)} ms), median of 11`,
      figure: `${checks.medianMs.toFixed(0)} ms`,
      limit: '200 ms',
    },
    {
      what: `${STEPS_WALKED} steps with effects, as against a flow of one (${walked.shortMs.toFixed(0)} ms, median of 20)`,
      figure: `${seconds(walked.tookMs)}, ${(walked.tookMs / walked.shortMs).toFixed(0)} x`,
      limit: '4 s',
    },
    {
      what: `${FLOWS_WAITING} flows wait on one worker process: its memory when all wait (${megabytes(waiting.beforeBytes)} before them, ${megabytes(waiting.highestBytes)} at the most)`,
      figure: megabytes(waiting.waitingBytes),
      limit: '400 MB',
    },
    {
      what: `those ${FLOWS_WAITING} are started (${seconds(waiting.startedMs)}), and then each is answered and ends`,
      figure: seconds(waiting.answeredMs),
      limit: `${FLOWS_WAITING} ends`,
    },
  ];
}
