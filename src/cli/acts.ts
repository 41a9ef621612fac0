import type { Command } from 'commander';
import { type Paint, renderEvidence, renderVerdict } from '#report';
import type { Evidence, Verdict } from '#testkit';
import type { ExitCode } from './index.ts';

/** Without a terminal nobody can press Enter between two acts. */
export function requireTerminal(command: Command, { pause }: { readonly pause?: true }): void {
  if (!pause || process.stdin.isTTY) return;
  command.error("error: option '--pause' waits for Enter, and stdin is no terminal");
}

/** For `--list`: each act, and what it says. */
export function listActs(
  acts: readonly { readonly name: string; readonly says: string }[],
): ExitCode {
  const width = Math.max(...acts.map(({ name }) => name.length));
  for (const { name, says } of acts) process.stdout.write(`${name.padEnd(width)}  ${says}\n`);
  return 0;
}

interface PlayedAct extends Evidence {
  /** The damage without keys. That it is there is no failure. */
  readonly control?: Verdict | undefined;
}

/** What an act has come to: its evidence, its proof, and its control. */
export function renderAct(found: PlayedAct, paint: Paint): string {
  const { verdict, control } = found;
  return [
    renderEvidence(found, paint),
    '',
    ...(verdict ? [renderVerdict(verdict, paint)] : []),
    ...(control ? [renderVerdict(control, { ...paint, good: paint.limit })] : []),
  ].join('\n');
}
