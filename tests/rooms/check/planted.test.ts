import { describe, expect, it } from 'vitest';
import { broken, checked, found, openEndpoint } from './endpoint.ts';
import { checkThenAct, FLAWS } from './planted.ts';

describe('a check', () => {
  it('finds nothing broken at an endpoint that keeps the rules, 500 duplicates included', async () => {
    await using endpoint = await openEndpoint();

    const report = await checked(endpoint, { duplicates: [500] });

    expect(broken(report)).toEqual([]);
    expect(found(report, 'A05')).toMatch(/^held: 500 at once: .*; 1 effect$/);
    const again = await checked(endpoint, { only: ['C08'] });
    expect(found(again, 'C08')).toBe('not testable: an earlier check has used these keys');
  });

  it('finds five mistakes in one endpoint, each as the one rule that it breaks', async () => {
    const { cutsKeys, foldsKeys, showsItsStack, hangsUpOnOtherTypes, takesPut } = FLAWS;
    const flaws = [foldsKeys(), showsItsStack(), hangsUpOnOtherTypes(), takesPut(), cutsKeys()];
    await using endpoint = await openEndpoint({ flaws });

    const report = await checked(endpoint);

    expect(broken(report)).toEqual(['A11', 'A21', 'B03', 'D01', 'D04']);
    expect(found(report, 'A11')).toBe('broken: 1 effect instead of 2');
    expect(found(report, 'A21')).toBe('broken: 1 effect instead of 2');
    expect(found(report, 'B03')).toContain('text/plain was answered no answer (closed)');
    expect(found(report, 'D01')).toBe('broken: PUT was answered 200; 1 effect instead of 0');
    expect(found(report, 'D04')).toMatch(/^broken: a body of status 413|415 shows "at /);
  });

  it.each<[flaw: keyof typeof FLAWS, breaks: string]>([
    ['forgetsKeys', 'A02 A03 A04 A05 A06 A07 A12 A13 A15 A17 A18 A20 C08 D07'],
    ['takesThePathForTheKey', 'A04 A05 A10 A11 A13 A14 A15 A16 A17 A18 A20 A21 B08 D07 D99'],
    ['keepsWhatItRefused', 'A14 A16'],
    ['fallsOverWhenThreeAsk', 'A05 D05'],
  ])('finds that an endpoint which %s breaks %s', async (flaw, breaks) => {
    await using endpoint = await openEndpoint({ flaws: [FLAWS[flaw]()] });

    expect(broken(await checked(endpoint)).join(' ')).toBe(breaks);
  });

  it('finds the race of an endpoint that looks for the key first and keeps it later', async () => {
    await using endpoint = await openEndpoint({ keys: checkThenAct() });

    const report = await checked(endpoint, { only: ['A04', 'A05', 'A20'] });

    expect(broken(report)).toEqual(['A05', 'A20']);
    expect(found(report, 'A05')).toContain('5 effects instead of 1');
  });
});
