import type { Rule } from '../tree.ts';
import { chaptersRule } from './chapters.ts';
import { generatedRule } from './generated.ts';
import { idsRule, stableIdsRule } from './ids.ts';
import { leftoversRule, sleepRule } from './leftovers.ts';
import { orphansRule } from './orphans.ts';
import { outputRule } from './output.ts';
import { roomsRule } from './rooms.ts';
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
  generatedRule,
  sleepRule,
  leftoversRule,
  wordsRule,
  sizesRule,
  topLevelRule,
];
