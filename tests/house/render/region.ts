/**
 * Puts text between the markers `<!-- name:begin -->` and `<!-- name:end -->`, which stay.
 *
 * @throws when the document lacks one of the two
 */
export function fillRegion(document: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const from = document.indexOf(begin);
  const to = document.indexOf(end, from);
  if (from === -1 || to === -1) {
    throw new Error(`No region "${name}": write ${begin} and ${end} where it belongs`);
  }
  return `${document.slice(0, from + begin.length)}\n${text.trim()}\n${document.slice(to)}`;
}

/** A Markdown table. A bar inside a cell is escaped, or it would start a new one. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}
