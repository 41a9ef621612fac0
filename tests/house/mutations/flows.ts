import { inFile, type Mutant } from './mutant.ts';

const ROOM = 'src/systems/flows';
const RUN = `${ROOM}/flow-run.ts`;
const chapter31 = { chapter: 'tests/chapters/31-two-ways-through-one-flow.test.ts' };
const chapter32 = { chapter: 'tests/chapters/32-the-answer-that-came-early-twice-late.test.ts' };
const engine = { chapter: 'tests/rooms/flows/engine.test.ts' };

/** What keeps a flow on its path, and each of its steps to one effect a visit. */
export const FLOW_MUTANTS: readonly Mutant[] = [
  {
    name: 'go_to is followed where the condition has a branch',
    edits: [
      inFile(
        `${ROOM}/definition.ts`,
        'return condition?.[BRANCH[event]] ?? go_to;',
        'return go_to ?? condition?.[BRANCH[event]];',
      ),
    ],
    ...engine,
  },
  {
    name: 'the creator is notified without the answer',
    edits: [
      inFile(
        `${ROOM}/nodes/notify_creator/wait.ts`,
        'answer === undefined ? {} : { answer }',
        '{}',
      ),
    ],
    ...chapter31,
  },
  {
    name: 'a signal that is sent twice counts twice',
    edits: [
      inFile(RUN, 'if (state.signals.some((known) => known.signal_id === signal_id)) return;', ''),
    ],
    ...chapter32,
  },
  {
    name: 'one answer is used by two questions',
    edits: [inFile(RUN, 'if (found !== undefined) found.used_by = visit;', '')],
    chapter: 'tests/rooms/flows/signals.test.ts',
  },
  {
    name: 'the second visit of a step has the key of the first',
    edits: [
      inFile(
        `${ROOM}/ids.ts`,
        '`${step.replaceAll(/[%/#]/g, encodeURIComponent)}#${visit}`',
        '`${step.replaceAll(/[%/#]/g, encodeURIComponent)}#${Math.min(visit, 1)}`',
      ),
    ],
    ...engine,
  },
  {
    name: 'a loop on purpose has no end',
    edits: [
      inFile(
        `${ROOM}/flow-steps.ts`,
        'if (most === undefined || visit <= most) return;',
        'if (most === undefined || visit <= most + 1) return;',
      ),
    ],
    ...engine,
  },
  {
    name: 'a flow that goes on as new forgets what it has told',
    edits: [inFile(`${ROOM}/workflows.ts`, '    memo,\n', '')],
    chapter: 'tests/rooms/flows/state.test.ts',
  },
  {
    name: 'a start from outside skips steps by saying that they are done',
    edits: [inFile(RUN, 'isContinuedAsNew() && carried ? carried', 'carried ? carried')],
    chapter: 'tests/rooms/flows/engine-outside.test.ts',
  },
  {
    name: 'each run of a schedule is a day of its own',
    edits: [
      inFile(
        `${ROOM}/flow-scheduled.ts`,
        'scheduledKey(schedule, nominalTime())',
        'scheduledKey(schedule, nominalTime() + workflowInfo().runId)',
      ),
    ],
    chapter: 'tests/rooms/flows/schedule.test.ts',
  },
  {
    name: "a flow's key has the attempt in it",
    edits: [
      inFile(
        `${ROOM}/activities.ts`,
        'key: stepKey(workflowId, context.step, context.visit),',
        'key: `${stepKey(workflowId, context.step, context.visit)}-${Context.current().info.attempt}`,',
      ),
    ],
    chapter: 'tests/chapters/33-killed-in-every-step.test.ts',
  },
  {
    name: "a flow's key has the run in it",
    edits: [
      inFile(
        `${ROOM}/activities.ts`,
        'key: stepKey(workflowId, context.step, context.visit),',
        'key: `${stepKey(workflowId, context.step, context.visit)}-${ownRun().runId}`,',
      ),
    ],
    chapter: 'tests/rooms/flows/explored.test.ts',
    test: 'has one effect for each visit',
  },
  {
    name: 'steps that wait for nobody keep one task until it is given up',
    edits: [inFile(`${ROOM}/workflows.ts`, 'if (step !== null) await endTask();', '')],
    chapter: 'tests/rooms/flows/engine-large.test.ts',
  },
  {
    name: 'steps that nothing leads to are not told',
    edits: [
      inFile(
        `${ROOM}/definition-flaws.ts`,
        'if (reached?.has(name) === false) {',
        'if (reached === undefined) {',
      ),
    ],
    chapter: 'tests/rooms/flows/generated.test.ts',
  },
];
