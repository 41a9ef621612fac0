import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

// Replayed with the workflow: no clock, no randomness, nothing of Node.

/** Whether the client has answered. */
export const CLIENT_ANSWERED = defineSearchAttributeKey('ClientAnswered', SearchAttributeType.BOOL);
export const CLIENT_ANSWERED_AT = defineSearchAttributeKey(
  'ClientAnsweredAt',
  SearchAttributeType.DATETIME,
);
/** The name of the definition. */
export const FLOW_NAME = defineSearchAttributeKey('FlowName', SearchAttributeType.KEYWORD);
/** The step that is worked on. */
export const FLOW_STEP = defineSearchAttributeKey('FlowStep', SearchAttributeType.KEYWORD);

/** What flows write, beside the tenant. A server must know them before the first start. */
export const FLOW_ATTRIBUTES = [CLIENT_ANSWERED, CLIENT_ANSWERED_AT, FLOW_NAME, FLOW_STEP];
