import { inFile, type Mutant } from './mutant.ts';

const chapter39 = { chapter: 'tests/chapters/39-is-this-endpoint-idempotent.test.ts' };

const bundles = { chapter: 'tests/rooms/temporal/bundle-once.test.ts' };

const explorer = { chapter: 'tests/rooms/testkit/explore.test.ts' };

/** The tools that find by themselves where an effect happens twice. */
export const TOOL_MUTANTS: readonly Mutant[] = [
  {
    name: 'a bundle is taken for unchanged when its files have the same size',
    edits: [
      inFile(
        'src/temporal/bundle-inputs.ts',
        'changedAtMs === noted?.[0] && bytes === noted?.[1]',
        'changedAtMs !== 0 && bytes === noted?.[1]',
      ),
    ],
    ...bundles,
    test: 'be its size and its time the same',
  },
  {
    name: 'a bundle is kept although a file was written while it was built',
    edits: [
      inFile(
        'src/temporal/bundle-inputs.ts',
        'stamp === null || stamp[0] < startedAtMs - TICK_MS',
        'stamp === null || stamp[0] < startedAtMs + 60_000',
      ),
    ],
    ...bundles,
    test: 'is not kept when a file was written while it was built',
  },
  {
    name: 'an error in an activity is told by the line of the compiled code',
    edits: [inFile('src/testkit/error-lines.ts', 'error instanceof Error ?', 'false ?')],
    chapter: 'tests/rooms/testkit/temporal.test.ts',
    test: 'names the line of the source, of whichever class it is',
  },
  {
    name: 'a sample is of one window',
    edits: [
      inFile(
        'src/testkit/explore/sample.ts',
        'timesOf(activityIn(place)) * places.length + timesOf(place.window)',
        'timesOf(activityIn(place)) * places.length - timesOf(place.window)',
      ),
    ],
    chapter: 'tests/rooms/testkit/explore-sample.test.ts',
    test: 'has each window and each activity about as often',
  },
  {
    name: 'the attempt is in the key: the explorer sees it',
    edits: [
      inFile(
        'src/systems/fees/activities.ts',
        'deductFeeKey(ownRun().workflowId)',
        'deductFeeKey(`${ownRun().workflowId}-${ownRun().attempt}`)',
      ),
    ],
    chapter: 'tests/chapters/13-every-crash-there-is.test.ts',
  },
  {
    name: 'the explorer takes a fault that never struck for a fault survived',
    edits: [
      inFile(
        'src/testkit/explore/table.ts',
        "outcome !== 'one'",
        "outcome !== 'one' && outcome !== 'no fault'",
      ),
    ],
    ...explorer,
    test: 'went another way',
  },
  {
    name: 'the explorer looks at the world while an attempt still acts on it',
    edits: [
      inFile(
        'src/testkit/explore/attempts.ts',
        'while (underWay.size > 0) await orStuck(',
        'await orStuck(',
      ),
    ],
    chapter: 'tests/rooms/testkit/explore-attempts.test.ts',
  },
  {
    name: 'the explorer does not look whether the worker was gone',
    edits: [
      inFile(
        'src/testkit/explore/cell.ts',
        'return fault.missed?.(own, { replays: replaysSince(activity) });',
        'return undefined;',
      ),
    ],
    chapter: 'tests/rooms/testkit/explore-waits.test.ts',
  },
  {
    name: 'the explorer takes the calls of two children for one',
    edits: [inFile('src/testkit/workflow-faults.ts', '${path}${type}', '${type}')],
    ...explorer,
    test: 'strikes each child',
  },
  {
    name: 'the black-box check sends its duplicates one after the other',
    edits: [inFile('src/check/experiments/races.ts', '.subarray(0, -1)', '')],
    chapter: 'tests/rooms/check/kinds.test.ts',
  },
  {
    name: 'the black-box check counts no effects',
    edits: [inFile('src/check/findings.ts', 'effects.seen !== effects.wanted', 'effects.seen < 0')],
    ...chapter39,
  },
  {
    name: 'the black-box check takes silence for a refusal',
    edits: [
      inFile('src/check/experiments/refusals.ts', "(status !== 0 || why === 'closed')", 'true'),
    ],
    chapter: 'tests/rooms/check/honest.test.ts',
  },
];
