export { readAccounts, readOrders } from './fee-files.ts';
export type { DemoProgress, RowAnswers } from './fee-side.ts';
export { type FeeProofInput, proveFees } from './fee-verdict.ts';
export { type FeeDemo, type FeeDemoOptions, type FeeRun, runFeeDemo } from './fees.ts';
export { type FlowActStart, type FlowDemo, type FlowDemoOptions, runFlowDemo } from './flows.ts';
export { FLOW_ACTS, type FlowActName, type FoundFlowAct } from './flows-acts.ts';
export { bundleFlows } from './flows-bundle.ts';
export { hurried, LONGEST_WAITS } from './flows-hurried.ts';
export { type FlowStage, openFlowStage } from './flows-stage.ts';
export { type FlowProofInput, proveFlows } from './flows-verdict.ts';
export type { WalkedFlow } from './flows-walked.ts';
export { type InventoryDemo, type InventoryDemoOptions, runInventoryDemo } from './inventory.ts';
export type { InventoryProofInput } from './inventory-counted.ts';
export { createDeliveryDesk, type DeliveryDesk } from './inventory-deliveries.ts';
export type { OnMovement, ToldMovement } from './inventory-movements.ts';
export { readInventoryOrders } from './inventory-orders.ts';
export {
  type DemoStock,
  type InventoryStage,
  openInventoryStage,
  openNaiveStock,
} from './inventory-stage.ts';
export type { RowAnswer } from './inventory-starter.ts';
export { proveDamage, proveInventory } from './inventory-verdict.ts';
export type { LostAcknowledgement } from './lost-acknowledgement.ts';
export {
  type FoundAct,
  type OrderDemo,
  type OrderDemoOptions,
  runOrderDemo,
} from './orders.ts';
export { ORDER_ACTS, type OrderAct, type OrderActName, orderActFile } from './orders-acts.ts';
export type { CountedOrder, OrderEffects } from './orders-counted.ts';
export { readOrderAct } from './orders-file.ts';
export { type OrderStage, openOrderStage } from './orders-stage.ts';
export { proveOrderDamage, proveOrders } from './orders-verdict.ts';
export {
  runSuperscriptDemo,
  type SuperscriptActStart,
  type SuperscriptDemo,
  type SuperscriptDemoOptions,
} from './superscript.ts';
export { SUPERSCRIPT_ACTS, type SuperscriptActName } from './superscript-acts.ts';
export { readOrderIds } from './superscript-orders.ts';
export { openSuperscriptStage, type SuperscriptStage } from './superscript-stage.ts';
export { proveSuperscript, type SuperscriptProofInput } from './superscript-verdict.ts';
export { BadFileError, readTextFile } from './text-file.ts';
