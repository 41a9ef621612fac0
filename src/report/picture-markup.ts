/** Text that is HTML already, and is written as it stands. Only `markup` makes it. */
class Markup {
  readonly #html: string;

  constructor(html: string) {
    this.#html = html;
  }

  toString(): string {
    return this.#html;
  }
}

export type { Markup };

/** False and undefined are nothing, so that `condition && part` can be written. */
export type Content = Markup | string | number | false | undefined | readonly Content[];

/**
 * HTML from a template. Whatever is put into it is text, and is escaped, in attributes too, as long as they stand in
 * double quotation marks; only what this function made itself goes in as it stands.
 */
export function markup(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(
    parts.map((part, index) => (index === 0 ? part : htmlOf(contents[index - 1]) + part)).join(''),
  );
}

/** A UUID by its end, as `…40ce`; then the first `length` characters, with an ellipsis where something was cut off. */
export function cut(text: string, length: number): string {
  const short = text.replaceAll(UUID, '…$1');
  const characters = Array.from(short);
  return characters.length <= length ? short : `${characters.slice(0, length - 1).join('')}…`;
}

const UUID = /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{8}([\da-f]{4})/gi;

function htmlOf(content: Content): string {
  if (content === undefined || content === false) return '';
  if (content instanceof Markup) return content.toString();
  if (typeof content === 'object') return content.map(htmlOf).join('');
  return String(content)
    .toWellFormed()
    .replace(NOT_IN_HTML, '\uFFFD')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Control characters that HTML has no way to write. */
// oxlint-disable-next-line no-control-regex
const NOT_IN_HTML = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;
