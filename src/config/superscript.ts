import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { type Variable, variable } from './variable.ts';

/** Where the payments of `superscript` are made, and where they are noted. */
export const OF_SUPERSCRIPT = {
  SUPERSCRIPT_TASK_QUEUE: variable(
    'superscriptTaskQueue',
    z.string().min(1).default('superscript-task-queue'),
    'Task queue of the payment workflows and their worker.',
  ),
  SCRIPTS_DIR: variable(
    'scriptsDir',
    z.string().min(1).optional(),
    'Folder of the payment scripts. Without it: those of the package. Their own settings (`PAYMENT_STEP1_FAILS` and its relatives) are passed on to them.',
    '/srv/payments/scripts',
  ),
  PAYMENT_LEDGER: variable(
    'paymentLedger',
    z.string().refine(isAbsolute, 'It has to be an absolute path').optional(),
    "File that each step of a payment is noted in, and looked up in before it is taken. Without it: `press-twice/payments.ledger` in the user's state folder. Workers of one task queue need the same file.",
    '/var/lib/press-twice/payments.ledger',
  ),
} as const satisfies Record<string, Variable>;
