export interface Edit {
  readonly file: string;
  /** Occurs in the file at one place, or the edit would be a guess. */
  readonly find: string;
  readonly replace: string;
}

/** The project with one thing broken, and the chapter that has to notice. */
export interface Mutant {
  /** What is broken, as a reader would say it. */
  readonly name: string;
  readonly edits: readonly Edit[];
  readonly chapter: string;
  /** The part of a test's title that narrows the run down; without it the whole chapter runs. */
  readonly test?: string;
}

/** @throws when the text to be replaced is not there, or not only there: the code has moved on, and the table has not */
export function applyEdit(text: string, { file, find, replace }: Edit): string {
  const places = text.split(find).length - 1;
  if (places !== 1) {
    throw new Error(
      `${file} has the text of the edit ${places} times, not once: mend tests/house/mutations (${find})`,
    );
  }
  return text.replace(find, () => replace);
}

export function inFile(file: string, find: string, replace: string): Edit {
  return { file, find, replace };
}
