export { createApp, createRouter } from './app.ts';
export { type JsonBodyOptions, jsonBody, objectBody } from './body.ts';
export { MAX_ID_LENGTH, parseId, parsePathId } from './ids.ts';
export { JsonNumber } from './json.ts';
export { prefers } from './prefer.ts';
export { Problem, type ProblemDetails, problemType } from './problem.ts';
export { intentMismatch, type ProblemHandlerOptions, problemHandler } from './problem-handler.ts';
export { methodNotAllowed, notFound } from './routes.ts';
