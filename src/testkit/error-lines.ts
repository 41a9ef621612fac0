/** How the runner tells of errors: read as the kit is loaded, before there is a worker. */
const before = Error.prepareStackTrace;
let kept: typeof before;

/**
 * Tells the lines of errors as the runner does, once there is a worker.
 *
 * A worker that runs its workflows in this thread tells of each error how its stack reads, and takes whatever is no plain `Error` for
 * one of a workflow: of a `TypeError` in an activity the line would be that of the JavaScript that was made of it.
 */
export function keepErrorLines(): void {
  const ofWorkflows = Error.prepareStackTrace;
  if (!before || !ofWorkflows || ofWorkflows === kept) return;
  // Those of workflows come from contexts of their own, with classes of their own.
  kept = (error, frames) =>
    error instanceof Error ? before(error, frames) : ofWorkflows(error, frames);
  Error.prepareStackTrace = kept;
}
