/**
 * `npm run bench`: figures and ratios, for comparing before and after on one machine in one run. All of them, or those of
 * one part: `npm run bench -- orders`.
 */
import type { Figure } from './figure.ts';
import { figuresOfCommands } from './figures-commands.ts';
import { figuresOfFlows } from './figures-flows.ts';
import { figuresOfInventory } from './figures-inventory.ts';
import { figuresOfOrders } from './figures-orders.ts';
import { figuresOfRaces } from './figures-races.ts';
import { figuresOfScripts } from './figures-scripts.ts';

const PARTS = {
  races: figuresOfRaces,
  scripts: figuresOfScripts,
  inventory: figuresOfInventory,
  orders: figuresOfOrders,
  flows: figuresOfFlows,
  commands: figuresOfCommands,
};
const [, , ...named] = process.argv;
const figures: Figure[] = [];
for (const [name, measure] of Object.entries(PARTS)) {
  if (named.length === 0 || named.includes(name)) figures.push(...(await measure()));
}
console.table(figures);
