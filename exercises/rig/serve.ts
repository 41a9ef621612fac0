import express, { type ErrorRequestHandler, type Express } from 'express';
import { type Listening, listen } from '#testkit';
import type { Stuck } from './judged.ts';

/**
 * Serves what a learner has written. A handler that throws answers with 500, and whoever has written it would never hear
 * why. Errors of the bank are part of an exercise; those of the language are slips, and are told.
 */
export async function served(app: Express, onSlip: (slip: Stuck) => void): Promise<Listening> {
  const tell: ErrorRequestHandler = (error: unknown, _request, _response, next) => {
    if (isSlip(error))
      onSlip({ name: error.name, message: error.message, stack: `${error.stack}` });
    next(error);
  };
  return await listen(express().use(app).use(tell));
}

function isSlip(error: unknown): error is Error {
  return (
    error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError
  );
}
