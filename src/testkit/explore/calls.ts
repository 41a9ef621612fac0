import type { Headers } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';
import type { InjectedSinks, WorkerInterceptors } from '@temporalio/worker';
import { untilStopped } from '../hold.ts';
import { CALL_HEADER, type Call, type ExplorerSinks } from '../workflow-faults.ts';
import type { Trial } from './trial.ts';

/** Which trial an attempt belongs to: trials share workers, and their workflows know nothing of them. */
export interface Trials {
  add(trial: Trial): void;
  /** A workflow ID that a trial is about to start. */
  note(workflowId: string, key: string): void;
  /** @param name of the worker, for the record */
  interceptors(name: string): WorkerInterceptors;
  readonly sinks: InjectedSinks<ExplorerSinks>;
}

export function createTrials(): Trials {
  const trials = new Map<string, Trial>();
  const keys = new Map<string, string>();

  /** A system that starts its workflows with a client of its own, behind HTTP say, has the key in their IDs. */
  function trialOf(rootWorkflowId: string): Trial | undefined {
    const isNamed = (key: string) => rootWorkflowId.includes(key);
    const key = keys.get(rootWorkflowId) ?? [...trials.keys()].find(isNamed);
    if (key !== undefined) keys.set(rootWorkflowId, key);
    return trials.get(key ?? '');
  }

  return {
    add: (trial) => void trials.set(trial.key, trial),
    note: (workflowId, key) => void keys.set(workflowId, key),
    interceptors: (name) => ({
      activity: [
        (context) => ({
          inbound: {
            async execute(input, next) {
              const run = () => next(input);
              const call = callOf(input.headers);
              const trial = call && trialOf(call.rootWorkflowId);
              return trial
                ? await trial.attempts.attempt({ context, call, run }, name)
                : await untilStopped(context, run());
            },
          },
        }),
      ],
    }),
    sinks: {
      pressTwice: {
        begins: {
          fn: (info, rootWorkflowId) => trialOf(rootWorkflowId)?.began(info),
          callDuringReplay: true,
        },
      },
    },
  };
}

/** The call that the bundle's interceptors have put into an activity's headers. */
export function callOf(headers: Headers): Call | undefined {
  const payload = headers[CALL_HEADER];
  return payload && defaultPayloadConverter.fromPayload<Call>(payload);
}
