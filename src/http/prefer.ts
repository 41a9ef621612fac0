/**
 * Whether a `Prefer` header asks for this preference, alone or among others, whatever its parameters.
 *
 * @param name lower case: `respond-async`
 * @see https://www.rfc-editor.org/rfc/rfc7240#section-2
 */
export function prefers(header: string | undefined, name: string): boolean {
  return preferences(header ?? '').includes(name);
}

function preferences(header: string): string[] {
  // Commas inside a quoted value do not separate; a quote that is never closed takes the rest with it.
  const items = header.match(/(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g) ?? [];
  return items.map((item) => (item.split(/[;=]/, 1)[0] ?? '').trim().toLowerCase());
}
