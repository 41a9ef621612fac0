import { inFile, type Mutant } from './mutant.ts';

const chapter17 = { chapter: 'tests/chapters/17-a-script-with-two-steps.test.ts' };

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
];
