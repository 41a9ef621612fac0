import type { Page, SystemPages } from './elsewhere.ts';

/** Concepts of the server, which its SDKs share. */
const IDS = 'https://docs.temporal.io/workflow-execution/workflowid-runid';
/** Each SDK was asked for one; what is missing is missing in the server. */
const GO_CHILDREN = 'https://github.com/temporalio/sdk-go/issues/2335';
const PYTHON_CHILDREN = 'https://github.com/temporalio/sdk-python/issues/989';
const GO = 'https://pkg.go.dev/go.temporal.io/sdk/internal#StartWorkflowOptions';
const JAVA_CLIENT =
  'https://github.com/temporalio/sdk-java/blob/master/temporal-sdk/src/main/java/io/temporal/client';
const JAVA_WORKFLOW =
  'https://github.com/temporalio/sdk-java/blob/master/temporal-sdk/src/main/java/io/temporal/workflow';
const PYTHON = 'https://github.com/temporalio/sdk-python/blob/main/temporalio';
const DOTNET = 'https://dotnet.temporal.io/api/Temporalio.Api.Enums.V1';
const DOTNET_SOURCE = 'https://github.com/temporalio/sdk-dotnet/blob/main/src/Temporalio';

const RETENTION: Page = ['the retention of its namespace', IDS];

/** The SDKs of Temporal that this book is not written in. */
export const SDK_PAGES: readonly SystemPages[] = [
  {
    system: 'Temporal, Go',
    window: RETENTION,
    running: [
      'a handle of the run that is there, unless WorkflowExecutionErrorWhenAlreadyStarted is set',
      GO,
    ],
    closed: [
      'a new run by default; where the reuse policy forbids it, a handle of the last run',
      GO,
    ],
    failed: ['a new run, unless REJECT_DUPLICATE', IDS],
    child: ['a reuse policy and no conflict policy', GO_CHILDREN],
  },
  {
    system: 'Temporal, Java',
    window: RETENTION,
    running: [
      'WorkflowExecutionAlreadyStarted, or what the conflict policy says',
      `${JAVA_CLIENT}/WorkflowExecutionAlreadyStarted.java`,
    ],
    closed: ['a new run by default: AllowDuplicate', `${JAVA_CLIENT}/WorkflowOptions.java`],
    failed: ['a new run, unless RejectDuplicate', `${JAVA_CLIENT}/WorkflowOptions.java`],
    child: ['a reuse policy and no conflict policy', `${JAVA_WORKFLOW}/ChildWorkflowOptions.java`],
  },
  {
    system: 'Temporal, Python',
    window: RETENTION,
    running: [
      'WorkflowAlreadyStartedError by default: the unset conflict policy fails the start',
      `${PYTHON}/client.py`,
    ],
    closed: ['a new run by default: ALLOW_DUPLICATE', `${PYTHON}/client.py`],
    failed: ['a new run, unless REJECT_DUPLICATE', IDS],
    child: ['a reuse policy and no conflict policy', PYTHON_CHILDREN],
  },
  {
    system: 'Temporal, .NET',
    window: RETENTION,
    running: [
      'WorkflowAlreadyStartedException, which has the run ID; or what the conflict policy says',
      `${DOTNET_SOURCE}/Exceptions/WorkflowAlreadyStartedException.cs`,
    ],
    closed: ['a new run by default: AllowDuplicate', `${DOTNET_SOURCE}/Client/WorkflowOptions.cs`],
    failed: ['a new run, unless RejectDuplicate', `${DOTNET}.WorkflowIdReusePolicy.html`],
    child: [
      'a reuse policy and no conflict policy',
      `${DOTNET_SOURCE}/Workflows/ChildWorkflowOptions.cs`,
    ],
  },
];
