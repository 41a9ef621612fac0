import type { Rule } from '../tree.ts';
import { atlasRule } from './atlas.ts';
import { chaptersRule } from './chapters.ts';
import { claimsPageRule, claimsRule } from './claims.ts';
import { exercisesRule, lockRule } from './exercises.ts';
import { generatedRule } from './generated.ts';
import { idsRule, stableIdsRule } from './ids.ts';
import { leftoversRule, sleepRule } from './leftovers.ts';
import { orphansRule } from './orphans.ts';
import { outputRule } from './output.ts';
import { roomsRule } from './rooms.ts';
import { runbookRule } from './runbook.ts';
import { sizesRule } from './sizes.ts';
import { topLevelRule } from './top-level.ts';
import { wordsRule } from './words.ts';
import { workflowsRule } from './workflows.ts';

/** Every rule of the house. A new one goes here, with a tree that it lets through and one that it finds. */
export const RULES: readonly Rule[] = [
  roomsRule,
  workflowsRule,
  outputRule,
  idsRule,
  stableIdsRule,
  orphansRule,
  chaptersRule,
  claimsRule,
  claimsPageRule,
  generatedRule,
  atlasRule,
  exercisesRule,
  lockRule,
  runbookRule,
  sleepRule,
  leftoversRule,
  wordsRule,
  sizesRule,
  topLevelRule,
];
