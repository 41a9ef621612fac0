import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { type Finding, isSuccess, judge, notTestable, sameAnswer, told } from '../findings.ts';
import type { Probe } from '../probe.ts';
import type { Answer } from '../wire/answer.ts';
import { begin, type Experiment, UntestableError } from './experiment.ts';

/** What a stranger cannot know of an endpoint, and has to be told. */
export const TRUST: readonly Experiment[] = [
  { rules: ['A23'], run: async (probe) => ({ A23: await twoTenants(probe) }) },
  { rules: ['A24'], run: async (probe) => ({ A24: await afterRestart(probe) }) },
  { rules: ['A25'], run: async (probe) => ({ A25: await atTheEndOfRetention(probe) }) },
];

async function twoTenants(probe: Probe): Promise<Finding> {
  if (probe.settings.tenantHeaders.length === 0) {
    return notTestable('no other tenant is known: give --tenant-header');
  }
  const by = 'another tenant';
  const { key, first } = await begin(probe);
  const { value: other, effects } = await probe.during(() => probe.ask({ key, by }), { by });
  if ([401, 403, 404].includes(other.status)) {
    return notTestable(`the other tenant was answered ${told(other)}: it has no such account`);
  }
  // Two tenants with an account each may well be told the same of it: then the other's effect tells.
  const isLeak = sameAnswer(first, other) && probe.facts.answersTell && effects !== 1;
  return judge({
    seen: 'two tenants, and the other one was served for itself',
    flaws: [
      !isSuccess(other) && `the other tenant was answered ${told(other)}`,
      (isLeak || probe.isReplay(other)) && 'the other tenant got the first one’s answer',
    ],
    effects: { seen: effects, wanted: 1 },
    byAnswers: probe.facts.answersTell,
  });
}

async function afterRestart(probe: Probe): Promise<Finding> {
  const { restartCommand } = probe.settings;
  if (restartCommand === undefined) {
    return notTestable('how it is restarted is not known: give --restart-command');
  }
  using witness = await probe.connect();
  return await replayAfter(probe, 'after its restart', async (key) => {
    // A request that is never whole keeps its connection, as long as the process is there that took it.
    await witness.send(probe.bytes({ key: probe.newKey() }).head.subarray(0, -2));
    await runToItsEnd(restartCommand, probe.settings.signal);
    if ((await witness.answer({ withinMs: 250 })).why === 'timed out') {
      throw new UntestableError('a connection has outlived the restart command: was it a restart?');
    }
    const until = performance.now() + RESTART_MS;
    let answer = await probe.askUntilDone({ key });
    while (answer.status === 0 && performance.now() < until) {
      answer = await probe.askUntilDone({ key });
    }
    return answer;
  });
}

const RESTART_MS = 30_000;

async function runToItsEnd(command: string, signal: AbortSignal): Promise<void> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(RESTART_MS)]);
  const child = spawn(command, { shell: true, stdio: 'ignore', signal: within });
  const [code] = (await once(child, 'close').catch(() => {
    signal.throwIfAborted();
    throw new UntestableError(`the restart command did not end within ${RESTART_MS / 1000} s`);
  })) as [number | null];
  if (code !== 0) throw new UntestableError(`the restart command ended with ${code}`);
}

async function atTheEndOfRetention(probe: Probe): Promise<Finding> {
  const { retentionSeconds, signal } = probe.settings;
  if (retentionSeconds === undefined) {
    const published = probe.exchanges
      .map(({ answer }) => answer.headers['idempotency-key-retention'])
      .find((seconds) => seconds !== undefined);
    const known = published ? `it publishes ${published} s` : 'it publishes none';
    return notTestable(`${known}: give --retention with a time that can be waited for`);
  }
  // Just before the end: whether the end itself is inside nobody says.
  return await replayAfter(probe, `after nearly ${retentionSeconds} s`, async (key) => {
    await wait(retentionSeconds * 900, undefined, { signal });
    return await probe.ask({ key });
  });
}

async function replayAfter(
  probe: Probe,
  when: string,
  then: (key: string) => Promise<Answer>,
): Promise<Finding> {
  const { key, first } = await begin(probe);
  const { value: again, effects } = await probe.during(() => then(key));
  return judge({
    seen: `the same answer ${when}`,
    flaws: [!sameAnswer(first, again) && `${told(again)} ${when}, not as the first time`],
    effects: { seen: effects, wanted: 0 },
    byAnswers: probe.facts.answersTell,
  });
}
