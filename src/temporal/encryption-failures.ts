import { DefaultFailureConverter } from '@temporalio/common';

/**
 * Writes a failure's message and stack as a payload, which a codec can encrypt: as text they say whose account
 * held how much.
 *
 * The SDK loads this file by its path, in the worker and in each workflow.
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
