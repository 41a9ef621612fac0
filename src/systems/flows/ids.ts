import { keyOf, scoped } from '#idempotency/key';

/**
 * The workflow ID is the business fact that a flow is about, such as a cart: the flow runs once for it, whoever starts it
 * and however often.
 */
export function flowWorkflowId(flow: string, businessKey: string, tenant?: string): string {
  return scoped(tenant, `${flow}-${businessKey}`);
}

/**
 * The key of one effect: the step, and which visit of it. A step that is visited twice on purpose has two effects; a
 * second attempt at one visit has one.
 *
 * Of a step only what means something in a key is written otherwise: every name that a definition may have fits a key.
 *
 * @param visit counted from 1
 */
export function stepKey(workflowId: string, step: string, visit: number): string {
  return keyOf(workflowId, `${step.replaceAll(/[%/#]/g, encodeURIComponent)}#${visit}`);
}

/**
 * A run of a schedule is named after the time that it was due, not the time at which it began: a day that is filled in
 * later is the same day.
 *
 * @param nominalTime ISO 8601
 */
export function scheduledKey(schedule: string, nominalTime: string): string {
  return `${schedule}-${nominalTime}`;
}

/** What is started when a schedule is due: one flow has many schedules, and each of them a name. */
export function flowScheduleId(flow: string, schedule: string, tenant?: string): string {
  return scoped(tenant, `${flow}-${schedule}`);
}

/**
 * The run that a schedule starts, and which starts the flow. The server appends `-<nominal time>`. No flow has a colon in
 * its name, so no flow has this ID.
 */
export function dueWorkflowId(scheduleId: string): string {
  return `due:${scheduleId}`;
}
