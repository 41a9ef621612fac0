import { v4 as uuid } from 'uuid';
import { type Barrier, createBarrier, draw } from '#testkit';

export interface Planned {
  readonly order: { readonly id: string; readonly customer: string; readonly amount: number };
  /** Clients that ask for it at once. */
  readonly copies: number;
  /** Opens when the server has answered all of their starts: until then, nothing is done. */
  readonly allHaveStarted: Barrier;
  /** What befalls the first attempt of its activity. */
  readonly first: 'well' | 'before effect' | 'answer lost';
  /** An operator resets its run once it has closed. */
  readonly isReset: boolean;
  /** A client that has heard nothing asks again, after all that. */
  readonly isLate: boolean;
}

/** Twelve orders of two customers, and what befalls them: another seed deals the same troubles to others. */
export function planOf(seed: number): readonly Planned[] {
  const first = dealt(seed, 'first');
  const copies = dealt(seed, 'copies');
  const reset = dealt(seed, 'reset');
  const late = dealt(seed, 'late');
  return Array.from({ length: 12 }, (_, index) => {
    const clients = copies(index) < 4 ? 3 : 1;
    return {
      // Two orders each are of one customer and one amount: equal, and not the same.
      order: {
        id: uuid(),
        customer: index % 2 ? 'carl' : 'ann',
        amount: 1 + Math.floor(index / 4),
      },
      copies: clients,
      allHaveStarted: createBarrier(clients),
      first: first(index) < 3 ? 'before effect' : first(index) < 6 ? 'answer lost' : 'well',
      isReset: reset(index) < 4,
      isLate: late(index) < 4,
    };
  });
}

/** The place of each order among the twelve, shuffled by the seed. */
function dealt(seed: number, what: string): (index: number) => number {
  const order = Array.from({ length: 12 }, (_, index) => index).toSorted(
    (a, b) => draw(seed, what, a) - draw(seed, what, b),
  );
  return (index) => order.indexOf(index);
}
