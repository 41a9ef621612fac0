/**
 * Tells the lines of errors as they were told before `create` has made a worker.
 *
 * A worker that runs its workflows in this thread tells of each error how its stack reads, and takes whatever is no plain `Error` for
 * one of a workflow: of a `TypeError` in an activity the line would be that of the JavaScript that was made of it.
 */
export async function keepingLines<T>(create: () => Promise<T>): Promise<T> {
  const before = Error.prepareStackTrace;
  const created = await create();
  const ofWorkflows = Error.prepareStackTrace;
  if (before && ofWorkflows && before !== ofWorkflows) {
    // Those of workflows come from contexts of their own, with classes of their own.
    Error.prepareStackTrace = (error, frames) =>
      error instanceof Error ? before(error, frames) : ofWorkflows(error, frames);
  }
  return created;
}
