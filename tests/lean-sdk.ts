import v8 from 'node:v8';

/**
 * The SDK notes a stack for each promise of a workflow, for the query `__stack_trace`, which no test asks. Where workflows
 * run in the main thread, its hook compiles a function for every promise of the process, and another when that settles: a
 * quarter of all that the tests computed. It does without the hook where there is none to be had. Node's own hooks, on which
 * `AsyncLocalStorage` stands, are made elsewhere and stay.
 */
Object.assign(v8, { promiseHooks: { ...v8.promiseHooks, createHook: () => () => {} } });
