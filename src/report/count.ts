/** `1 order`, `2 orders`; the plural is told where an "s" does not make it. */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : plural}`;
}
