import type { Workshop } from '../learner/workshop.ts';
import type { Keyboard } from '../watch/keys.ts';
import type { Ground } from './ground.ts';

/** A person at the workshop: what they see, what they type, and what they have. */
export interface Desk {
  readonly root: string;
  readonly input: Keyboard;
  readonly output: NodeJS.WriteStream;
  /** Ended by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly ground: Ground;
  /** A line to stdout. */
  print(text: string): void;
  /** A line to stderr. */
  warn(text: string): void;
  /** Asks, and waits for y or n; yes where nobody can be asked, because nothing that is asked about loses anything. */
  agrees(question: string): Promise<boolean>;
  /** Reads the exercises and the notes when they are asked for first. */
  workshop(): Workshop;
}

/** Whether somebody sits there, with a screen that can be drawn on. */
export function hasScreen({ input, output }: Desk, env = process.env): boolean {
  return Boolean(input.isTTY && output.isTTY) && env.TERM !== 'dumb' && !env.CI;
}
