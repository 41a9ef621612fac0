import type { SystemPages } from './elsewhere.ts';

const STEP_FUNCTIONS = 'https://docs.aws.amazon.com/step-functions/latest/dg';
const GUARANTEES = `${STEP_FUNCTIONS}/express-at-least-once-execution.html` as const;
const DBOS = 'https://docs.dbos.dev';
const DBOS_WORKFLOWS = `${DBOS}/typescript/tutorials/workflow-tutorial` as const;
const RESTATE = 'https://docs.restate.dev';
const INNGEST = 'https://www.inngest.com/docs/guides/handling-idempotency';
const TRIGGER = 'https://trigger.dev/docs/idempotency';
const BULLMQ = 'https://docs.bullmq.io';
const JOB_IDS = `${BULLMQ}/guide/jobs/job-ids` as const;
const DEDUPLICATION = `${BULLMQ}/guide/jobs/deduplication` as const;

/** Engines and queues of others. */
export const ENGINE_PAGES: readonly SystemPages[] = [
  {
    system: 'Step Functions (Standard)',
    window: ['90 days', GUARANTEES],
    running: ['the answer of the first start', GUARANTEES],
    closed: ['an exception', GUARANTEES],
    failed: [
      'an exception as well; RedriveExecution goes on from the failed step, within 14 days',
      'https://docs.aws.amazon.com/goto/WebAPI/states-2016-11-23/RedriveExecution',
    ],
    payload: [
      'ExecutionAlreadyExists',
      'https://docs.aws.amazon.com/botocore/latest/reference/services/stepfunctions/client/exceptions/ExecutionAlreadyExists.html',
    ],
    child: [
      'a task that calls StartExecution, as any client does',
      `${STEP_FUNCTIONS}/concepts-nested-workflows.html`,
    ],
  },
  {
    system: 'DBOS',
    window: [
      'as long as its history is kept; retention policies are off by default',
      `${DBOS}/conductor/retention`,
    ],
    running: ['it executes only once', DBOS_WORKFLOWS],
    closed: ['the recorded result', `${DBOS}/explanations/migrating-from-temporal`],
    failed: ['its exception is recorded, and it is not recovered', DBOS_WORKFLOWS],
  },
  {
    system: 'Restate, a call with a key',
    window: ['24 hours by default', `${RESTATE}/services/configuration`],
    running: ['it latches on to the first call', `${RESTATE}/concepts/invocations`],
    closed: ['the response of the first', `${RESTATE}/concepts/invocations`],
    child: [
      'a call from a handler needs no key: it is executed only once',
      `${RESTATE}/concepts/invocations`,
    ],
  },
  {
    system: 'Restate, a workflow',
    window: ['24 hours after its end by default', `${RESTATE}/develop/ts/workflows`],
    running: ['refused: "Previously accepted"', `${RESTATE}/services/invocation/http`],
    closed: ['refused: "Previously accepted"', `${RESTATE}/services/invocation/http`],
  },
  {
    system: 'Inngest',
    window: ['24 hours', INNGEST],
    running: ['the event is stored, and triggers nothing', INNGEST],
    closed: ['the same within the 24 hours, and a new run after them', INNGEST],
    child: [
      'the same, for an event that has an ID',
      'https://www.inngest.com/docs/durable-execution/primitives/step-sendevent',
    ],
  },
  {
    system: 'Trigger.dev',
    window: ['30 days, or idempotencyKeyTTL', TRIGGER],
    running: ['the handle of the first run', TRIGGER],
    closed: ['the handle of the first run, where it succeeded or was cancelled', TRIGGER],
    failed: ['a new run: the key is cleared', TRIGGER],
    payload: ['no part of the key: hash it into the key yourself', TRIGGER],
    child: ['the key is combined with the run ID of the parent by default', TRIGGER],
  },
  {
    system: 'BullMQ, a job ID',
    window: ['as long as its job is kept', JOB_IDS],
    running: ['ignored', JOB_IDS],
    closed: ['ignored while the job is kept, and a new job once it is removed', JOB_IDS],
    failed: ['the same: ignored while the job is kept', JOB_IDS],
    child: ['a job like any other', `${BULLMQ}/guide/flows`],
  },
  {
    system: 'BullMQ, a deduplication ID',
    window: ['until its job has ended, or for a TTL', DEDUPLICATION],
    running: ['ignored', DEDUPLICATION],
    closed: ['a new job, unless its TTL still runs', DEDUPLICATION],
    failed: ['a new job, unless its TTL still runs', DEDUPLICATION],
    payload: [
      'with replace it takes the place of a job that is delayed',
      `${BULLMQ}/api/types/v5.DeduplicationOptions.html`,
    ],
  },
];
