import type { View } from '../learner/view.ts';
import type { Sheet } from './sheet.ts';
import { cut, harmless, wrap } from './text.ts';

/** What stands on a screen beside the judgement. */
export interface Beside {
  /** When the file was saved that was judged. */
  readonly savedAt?: Date | undefined;
  /** There is a later save, which is being judged. */
  readonly checking?: boolean;
  /** `my/…/activities.ts:9 Type 'string' is …` */
  readonly typeErrors?: readonly string[];
  /** What the last key has said. */
  readonly said?: string | undefined;
}

export function typeLines({ typeErrors = [] }: Beside, sheet: Sheet): readonly string[] {
  const { colour, signs, width } = sheet;
  return typeErrors
    .slice(0, MOST_TYPE_ERRORS)
    .flatMap((error) =>
      wrap(signs.text(harmless(error)), width - TYPES.length).map((text, index) =>
        colour.limit(`${index === 0 ? TYPES : ' '.repeat(TYPES.length)}${text}`),
      ),
    );
}

const TYPES = 'types  ';
const MOST_TYPE_ERRORS = 3;

/** What the learner's own code has printed: the last of it. */
export function printedLines({ judgement }: View, sheet: Sheet): readonly string[] {
  return judgement.printed
    .flatMap((text) => harmless(text).trimEnd().split('\n'))
    .slice(-MOST_PRINTED)
    .map((text) => sheet.colour.faint(cut(`printed  ${sheet.signs.text(text)}`, sheet.width)));
}

const MOST_PRINTED = 5;
