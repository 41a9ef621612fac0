import { inFile, type Mutant } from './mutant.ts';

const chapter17 = { chapter: 'tests/chapters/17-a-script-with-two-steps.test.ts' };

const orchestrator = { chapter: 'tests/rooms/superscript/orchestrator.test.ts' };

/** What keeps a bash script from paying twice. */
export const SUPERSCRIPT_MUTANTS: readonly Mutant[] = [
  {
    name: 'every client of a script has an ID of its own',
    edits: [
      inFile(
        'src/systems/superscript/client.ts',
        'workflowId: paymentWorkflowId(payment.orderId, payment.tenant),\n      taskQueue,',
        'workflowId: paymentWorkflowId(payment.orderId, `t${Math.random()}`),\n      taskQueue,',
      ),
    ],
    chapter: 'tests/chapters/16-five-shells-one-payment.test.ts',
  },
  {
    name: 'the first step of the script is told no key by the second activity',
    edits: [
      inFile(
        'src/systems/superscript/activities.ts',
        '{ PAYMENT_STEP1_KEY: collectKey(workflowId), PAYMENT_STEP2_KEY: key }',
        '{ PAYMENT_STEP2_KEY: key }',
      ),
    ],
    ...chapter17,
    test: 'collects once',
  },
  {
    name: 'the run ID is in the key of a step',
    edits: [
      inFile(
        'src/systems/superscript/activities.ts',
        'const key = collectKey(workflowId);',
        'const key = `${collectKey(workflowId)}-${ownExecution().runId}`;',
      ),
    ],
    ...chapter17,
    test: 'is made once',
  },
  {
    name: 'the script does not look into its journal',
    edits: [inFile('fixtures/scripts/func_collect_payment.sh', '  done_before=yes\n}', '  :\n}')],
    ...chapter17,
    test: 'is made once',
  },
  {
    name: 'a payment script looks and appends without a lock',
    edits: [
      inFile('fixtures/scripts/func_collect_payment.sh', '{ lock && "$1" "$2"', '{ "$1" "$2"'),
    ],
    chapter: 'tests/rooms/superscript/scripts.test.ts',
  },
  {
    name: 'a torn line of the ledger is ended, and so becomes an effect',
    edits: [inFile('fixtures/scripts/func_collect_payment.sh', "'\\t(torn)\\t\\n'", "'\\n'")],
    chapter: 'tests/rooms/superscript/script-payments-fail.test.ts',
  },
  {
    name: 'a process that has left the group of its script is left alone',
    edits: [
      inFile(
        'src/systems/superscript/script-run.ts',
        'await endMarked(options.mark,',
        'void (endMarked,',
      ),
    ],
    chapter: 'tests/rooms/superscript/script-misbehaves.test.ts',
  },
  {
    name: 'a script that was cancelled and exits 0 has succeeded',
    edits: [
      inFile('src/systems/superscript/script-errors.ts', "=== 'cancelled'", "=== ('x' as never)"),
    ],
    chapter: 'tests/rooms/superscript/script-misbehaves.test.ts',
  },
  {
    name: 'a batch that continues as new forgets what it has done',
    edits: [
      inFile(
        'src/systems/superscript/orchestrator.ts',
        'so_far: { results, max_in_flight },',
        'so_far: { results: results.slice(1), max_in_flight },',
      ),
    ],
    ...orchestrator,
    test: 'pays 8 entries',
  },
  {
    name: 'a cancelled batch does not wait for its payments',
    edits: [
      inFile(
        'src/systems/superscript/orchestrator.ts',
        "'WAIT_CANCELLATION_COMPLETED'",
        "'ABANDON'",
      ),
    ],
    ...orchestrator,
    test: 'ends its own payments',
  },
  {
    name: 'a batch that is terminated takes its payments along',
    edits: [
      inFile(
        'src/systems/superscript/orchestrator.ts',
        "parentClosePolicy: 'ABANDON'",
        "parentClosePolicy: 'TERMINATE'",
      ),
    ],
    ...orchestrator,
    test: 'differs from one that is terminated',
  },
  {
    name: 'a payment that somebody else has begun is a failure of the batch',
    edits: [
      inFile(
        'src/temporal/workflow.ts',
        'if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;',
        'if (error !== undefined) throw error;',
      ),
    ],
    chapter: 'tests/chapters/18-a-batch-twice-and-over-midnight.test.ts',
  },
];
