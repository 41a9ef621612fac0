// Every system's workflows in one bundle: a process that works for all of them builds it once, and not once for each.
export * from '../systems/fees/workflows.ts';
export * from '../systems/flows/workflows.ts';
export * from '../systems/inventory/workflows.ts';
export * from '../systems/orders/workflows.ts';
export * from '../systems/superscript/workflows.ts';
