import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { renderedPages } from '../rooms/report/picture-recorded.ts';
import { launchChromium } from './chromium.ts';

const browser = await launchChromium();
const folder = await mkdtemp(join(tmpdir(), 'press-twice-pictures-'));
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core'), 'utf8');

const LOOKS = [1280, 390].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
);
const PAGES = Object.entries(await renderedPages()).filter(([name]) => !name.includes('without'));

describe.each(LOOKS)('at $width pixels, $colorScheme', ({ width, colorScheme }) => {
  it.each(PAGES)('%s: reads well, fits, and fetches nothing', async (name, html) => {
    const { page, requests } = await openFile(`${name}.html`, html, { width, colorScheme });
    const screenshot = join(folder, `${name}, ${width}, ${colorScheme}.png`);
    await page.screenshot({ path: screenshot, fullPage: true });

    expect(requests, 'requests beside the page itself').toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(await smallestText(page), 'pixels of the smallest text').toBeGreaterThanOrEqual(12);
    await page.evaluate(axe);
    expect(await page.evaluate('axe.run().then(({ violations }) => violations)')).toEqual([]);
    expect(await strangeColours(page), `texts in no colour of text, in ${screenshot}`).toEqual([]);
    await page.context().close();
  });
});

describe('on paper', () => {
  it('a drawing is as wide as the page and nothing is left of the dark', async () => {
    const [, html = ''] = PAGES[0] ?? [];
    // An A4 page without its margins, in pixels of CSS.
    const look = { width: 688, colorScheme: 'dark' } as const;
    const { page } = await openFile('paper.html', html, look);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });

    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(look.width);
    expect(await page.evaluate(`document.querySelector('figure svg').clientWidth`)).toBe(688);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
      'rgb(255, 255, 255)',
    );
    await page.context().close();
  });
});

it('nothing is left open', async () => {
  await browser.close();
  expect(browser.isConnected()).toBe(false);
});

interface Look {
  readonly width: number;
  readonly colorScheme: 'light' | 'dark';
}

async function openFile(name: string, html: string, { width, colorScheme }: Look) {
  const file = join(folder, name);
  await writeFile(file, html);
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  const page = await context.newPage();
  const requests: string[] = [];
  const url = pathToFileURL(file).href;
  page.on('request', (request) => void (request.url() === url || requests.push(request.url())));
  await page.goto(url);
  return { page, requests };
}

/** Text of a drawing shrinks with it. */
async function smallestText(page: Page): Promise<number> {
  return await page.evaluate(`Math.min(...[...document.querySelectorAll('text, td, th, p, li')].map((element) => {
    const svg = element.closest('svg');
    const scale = svg ? svg.clientWidth / svg.viewBox.baseVal.width : 1;
    return parseFloat(getComputedStyle(element).fontSize) * scale;
  }))`);
}

/** Texts of drawings whose colour is not one that the page has for text: axe does not look into drawings. */
async function strangeColours(page: Page): Promise<readonly string[]> {
  return await page.evaluate(`(() => {
    const probe = document.body.appendChild(document.createElement('i'));
    const colours = ['ink', 'muted', 'red'].map((name) => {
      probe.style.color = 'var(--' + name + ')';
      return getComputedStyle(probe).color;
    });
    probe.remove();
    return [...document.querySelectorAll('svg text')]
      .filter((text) => !colours.includes(getComputedStyle(text).fill))
      .map((text) => text.textContent);
  })()`);
}
