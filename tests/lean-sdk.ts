/**
 * Four things that the SDK does for each worker, and that a process with one worker does not notice. Where hundreds of them
 * come and go in one process, with their workflows in its main thread, they are a third of all that it computes.
 */
import v8 from 'node:v8';
import vm from 'node:vm';
import { NativeConnection, Worker } from '@temporalio/worker';

/** What `debugMode` asks for where it wants no limit at all. */
const NO_LIMIT_MS = 2 ** 32 - 1;
const LEAN = Symbol.for('press-twice.lean-sdk');

// It is read for each file of tests, and what it changes belongs to the process.
if (!(LEAN in globalThis)) {
  Object.assign(globalThis, { [LEAN]: true });
  noteNoPromises();
  startNoWatchdogs();
  closeWhatConnectionsKeep();
  readBundlesOnce();
}

/**
 * The SDK notes a stack for each promise of a workflow, for the query `__stack_trace`, which no test asks. Its hook compiles a
 * function for every promise of the process, and another when that settles. It does without the hook where there is none to
 * be had. Node's own hooks, on which `AsyncLocalStorage` stands, are made elsewhere and stay.
 */
function noteNoPromises(): void {
  Object.assign(v8, { promiseHooks: { ...v8.promiseHooks, createHook: () => () => {} } });
}

/** Node starts a thread for each call into a context that has a limit, and waits until that thread has ended. */
function startNoWatchdogs(): void {
  const { runInContext } = vm.Script.prototype;
  vm.Script.prototype.runInContext = function run(context, options) {
    const { timeout, ...unlimited } = options ?? {};
    return runInContext.call(this, context, timeout === NO_LIMIT_MS ? unlimited : options);
  };
}

/** Each connection of a worker leaves an `AsyncLocalStorage` behind, and each promise is told of all that there ever were. */
function closeWhatConnectionsKeep(): void {
  const { close } = NativeConnection.prototype;
  NativeConnection.prototype.close = async function closeAll(this: Keeper) {
    await close.call(this);
    this.callContextStorage.disable();
  };
}

/** The SDK's client has one of these as well, and disables it. */
type Keeper = NativeConnection & { readonly callContextStorage: { disable(): void } };

/**
 * For each worker the SDK decodes the bundle's map, and runs the code in a context that no workflow will ever see, for the sake
 * of breakpoints, and keeps that for ten seconds. What comes of it is the same for the same code.
 */
function readBundlesOnce(): void {
  const reader = Worker as unknown as BundleReader;
  const { getOrCreateBundle } = reader;
  const read = new Map<string, Promise<unknown>>();
  reader.getOrCreateBundle = (options, logger) => {
    const { code, codePath = code } = options.workflowBundle ?? {};
    const found = codePath === undefined ? undefined : read.get(codePath);
    const bundle = found ?? getOrCreateBundle.call(reader, options, logger);
    if (codePath !== undefined) read.set(codePath, bundle);
    return bundle;
  };
}

interface BundleReader {
  getOrCreateBundle(
    options: { readonly workflowBundle?: { readonly code?: string; readonly codePath?: string } },
    logger: unknown,
  ): Promise<unknown>;
}
