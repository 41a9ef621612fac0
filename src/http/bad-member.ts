import { Problem, problemType } from './problem.ts';

/**
 * A member of a body that is not what it has to be: a 400 of the type `bad-items`, `bad-unit-price-cents`, …
 *
 * @param where the member stands, if its name does not say it: `items[0].quantity`
 */
export function badMember(member: string, rule: string, where = member): Problem {
  return new Problem({
    status: 400,
    type: problemType(`bad-${member.replaceAll('_', '-')}`),
    title: `Bad ${member}`,
    detail: `${where} has to be ${rule}`,
  });
}
