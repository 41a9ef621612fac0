export {
  createFlowActivities,
  type EffectInput,
  type FlowActivities,
  type FlowActivitiesOptions,
} from './activities.ts';
export { createFlows, type FlowsOptions } from './client.ts';
export {
  type Condition,
  type FlowDefinition,
  type FlowEvent,
  nextStep,
  type StepDefinition,
  targetsOf,
} from './definition.ts';
export { type Flaw, flawsOf } from './definition-flaws.ts';
export { drawFlow, type Path } from './draw.ts';
export type { EffectDeps } from './effect-deps.ts';
export {
  FlowNotOpenError,
  InvalidFlowError,
  NodeRegistrationError,
  UnknownScheduleError,
  UnknownSignalError,
  WebhookUnavailableError,
  WebhookUrlError,
} from './errors.ts';
export {
  type FlowInput,
  type FlowResult,
  type FlowState,
  SIGNAL_NAMES,
  type SignalInput,
  type SignalName,
  type VisitedStep,
} from './flow.ts';
export { type CheckedFlow, checkFlow, inWords } from './flow-check.ts';
export { FlowFileError, parseFlow, readFlowFile } from './flow-file.ts';
export { flowJsonSchema, type JsonSchema } from './flow-json-schema.ts';
export { flowSchema, MAX_STEPS } from './flow-schema.ts';
export type { FlowRequest, Flows, FlowView } from './flows.ts';
export { createFlowRouter, type FlowRouterOptions } from './http.ts';
export { plainJson } from './http-json.ts';
export { dueWorkflowId, flowScheduleId, flowWorkflowId, scheduledKey, stepKey } from './ids.ts';
export { createMemoryOutbox, type MemoryOutboxOptions } from './memory-outbox.ts';
export {
  createNaiveFlowActivities,
  type NaiveFlowActivitiesOptions,
  type NaiveFlowWorkerOptions,
  naiveFlowWorkerOptions,
} from './naive.ts';
export { KNOWN_NODES, type NodeLists, requireNodes } from './node-registry.ts';
export { EFFECTS } from './nodes/effects.ts';
export { ALIASES, type NodeName, nodeCalled } from './nodes/names.ts';
export type { FlowSignal, StepResult } from './nodes/node.ts';
export { SCHEMAS } from './nodes/schemas.ts';
export { WITH_EFFECT } from './nodes/with-effect.ts';
export type { Outbox, OutboxEffect, OutboxEntry, Put } from './outbox.ts';
export { FLOW_MIGRATIONS } from './postgres-migrations.ts';
export { createPostgresOutbox, type PostgresOutboxOptions } from './postgres-outbox.ts';
export type { FlowProgress, OnFlowProgress } from './progress.ts';
export {
  createFlowSchedules,
  type FlowScheduleName,
  type FlowScheduleRequest,
  type FlowSchedules,
  type FlowSchedulesOptions,
} from './schedule.ts';
export {
  CLIENT_ANSWERED,
  CLIENT_ANSWERED_AT,
  FLOW_ATTRIBUTES,
  FLOW_NAME,
  FLOW_STEP,
} from './search-attributes.ts';
export { createWebhookClient, type WebhookClientOptions } from './webhook-client.ts';
export { type AllowsWebhook, type WebhookHosts, webhookHosts } from './webhook-hosts.ts';
export {
  createWebhookLedger,
  createWebhookReceiver,
  type WebhookEffect,
  type WebhookLedger,
} from './webhook-receiver.ts';
export type { WebhookRequest, Webhooks, WebhookTold } from './webhooks.ts';
export { FLOW_WORKFLOWS_PATH, type FlowWorkerOptions, flowWorkerOptions } from './worker.ts';
export type { DynamicFlowWorkflow, ScheduledFlowWorkflow } from './workflows.ts';
