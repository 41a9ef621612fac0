import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { openPage, renderedPages } from './picture-recorded.ts';

const PAGES = await renderedPages();

/** `npm run test:browser` looks at all of them, on a screen; here it takes a second or two of a core each. */
describe.each(['fifty clients without a before', 'one client under an empty record'])(
  'the picture of %s',
  (name) => {
    it('has no violation that axe-core can see without a screen', async () => {
      const window = openPage(PAGES[name] ?? '');
      window.eval(await readFile(createRequire(import.meta.url).resolve('axe-core'), 'utf8'));
      const { violations, passes } = (await window.eval(
        `axe.run({ rules: { 'color-contrast': { enabled: false } } })`,
      )) as { readonly violations: readonly unknown[]; readonly passes: readonly unknown[] };
      window.close();

      expect(violations).toEqual([]);
      expect(passes.length, 'rules that were looked at').toBeGreaterThan(15);
    });
  },
);

describe('the colours of a picture', () => {
  it.each([
    ['by daylight', coloursIn(':root'), { ink: 16, muted: 6.4, blue: 7, green: 6.3, red: 6.5 }],
    [
      'in the dark',
      coloursIn('@media screen and (prefers-color-scheme:dark)'),
      { ink: 15.7, muted: 7.6, blue: 8.9, green: 10, red: 8.3 },
    ],
    [
      'on paper',
      { ...coloursIn(':root'), ...coloursIn('@media print') },
      { ink: 21, muted: 8, blue: 9, green: 9, red: 8 },
    ],
  ])('have their contrast %s', (_, colours, wanted) => {
    for (const [name, atLeast] of Object.entries(wanted)) {
      const found = contrast(colours[name] ?? '', colours.bg ?? '');
      expect(found, `${name} ${colours[name]} on ${colours.bg}`).toBeGreaterThanOrEqual(atLeast);
    }
  });

  it('are named once: what is drawn says whose colour it has, and gives none of its own', () => {
    const [, style = ''] = /<style>(.*)<\/style>/s.exec(PAGES['one client'] ?? '') ?? [];
    const rules = style.replaceAll(/:root\{[^}]*\}/g, '');

    expect(rules).toContain('var(--ink)');
    expect(rules).not.toMatch(/#[\da-f]{3}/i);
    expect(PAGES['one client']).not.toMatch(/ (fill|stroke|style)="/);
  });
});

/** The variables that a style sets, in the block that begins like this. */
function coloursIn(start: string): Readonly<Record<string, string>> {
  const html = PAGES['one client'] ?? '';
  const block = html.slice(html.indexOf(start)).split('}')[0] ?? '';
  const found = block.matchAll(/--(\w+):(#[\da-f]{6})/g);
  return Object.fromEntries([...found].map(([, name = '', colour = '']) => [name, colour]));
}

/** As WCAG 2.2 computes it, from 1 to 21. */
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
