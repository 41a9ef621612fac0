import { BODIES } from './bodies.ts';
import { CLIENTS } from './clients.ts';
import type { Experiment } from './experiment.ts';
import { firstRequests } from './first.ts';
import { FRAMING } from './framing.ts';
import { IDENTIFIERS } from './identifiers.ts';
import { KEYS } from './keys.ts';
import { lastRequest } from './last.ts';
import { METHODS } from './methods.ts';
import { MISMATCHES } from './mismatches.ts';
import { RACES } from './races.ts';
import { REPLAYS } from './replays.ts';
import { transcript } from './transcript.ts';
import { TRUST } from './trust.ts';

/** In this order: the first tells what an effect is, crowds may use up the money, and the last two look back. */
export const EXPERIMENTS: readonly Experiment[] = [
  firstRequests,
  ...REPLAYS,
  ...MISMATCHES,
  ...KEYS,
  ...BODIES,
  ...FRAMING,
  ...IDENTIFIERS,
  ...METHODS,
  ...CLIENTS,
  ...TRUST,
  ...RACES,
  lastRequest,
  transcript,
];
