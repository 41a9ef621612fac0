import type { Exercise, WrongTurn } from '../exercise.ts';
import type { Judgement } from '../judgement.ts';

/** All that a screen says of one judgement, and of the way that is behind and before the learner. */
export interface View {
  readonly exercise: Exercise;
  readonly judgement: Judgement;
  readonly progress: { readonly done: number; readonly of: number };
  /** Judgements of this exercise that reached the claims, this one included. */
  readonly tries: number;
  /** Hints that were not yet asked for. */
  readonly hintsLeft: number;
  /** How often in a row the same claims have failed, this time included; 0 where all hold. */
  readonly streak: number;
  /** The first one that is neither done nor skipped, this one left out. */
  readonly next: Exercise | undefined;
  /** Where the learner's hands are: the line that says what is to be done while it stands, else of the first change, else the first. */
  readonly edit: {
    /** `my/13-zombie-attempt/activities.ts:9` */
    readonly place: string;
    /** What is to be done there, while it says so. */
    readonly todo?: string;
  };
  /** `exercises/13-zombie-attempt/test.ts:16`: the first claim that fails, else the first one. */
  readonly test: { readonly place: string };
  /** The failed claims are those of one wrong turn, and not those of the starter. */
  readonly wrongTurn?: WrongTurn & { readonly name: string };
  /** One line each: the test was changed, the notes could not be written, the next hint is offered. */
  readonly notes: readonly string[];
}

/** What the loop asks of the workshop while one exercise is open. The texts are for people, and end without a line break. */
export interface Bench {
  /** The exercise that is open; `next` opens another. */
  exercise(): Exercise;
  /** The folder that is watched, absolute: `my/13-zombie-attempt`. */
  folder(): string;
  judge(): Promise<View>;
  hint(): Promise<string>;
  diff(): Promise<string>;
  list(): Promise<string>;
  /** Goes on to the next one, and skips this one where it is not done. */
  next(): Promise<string>;
  /** The old files are kept; the loop has asked before. */
  reset(): Promise<string>;
  /** Brings back what was put away last. */
  undo(): Promise<string>;
  picture(): Promise<string>;
  /** Puts a wrong turn in place of what is there, the next one each time. */
  wrong(): Promise<string>;
  solution(): Promise<string>;
}
