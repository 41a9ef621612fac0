/** A flow is data: what a step does, and where it goes on each visit; the last one is for all later ones. */
export interface Flow {
  readonly start: string;
  readonly steps: Readonly<Record<string, { node: string; goTo: readonly string[] }>>;
}

/** An abandoned cart: a greeting, two reminders, and two other companies that are told. */
export const CART: Flow = {
  start: 'greet',
  steps: {
    greet: { node: 'message', goTo: ['remind'] },
    remind: { node: 'message', goTo: ['remind', 'tell-shop'] },
    'tell-shop': { node: 'webhook', goTo: ['tell-carrier'] },
    'tell-carrier': { node: 'webhook', goTo: [] },
  },
};
