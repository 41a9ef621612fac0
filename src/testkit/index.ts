export { type ActivityAttempts, activityAttempts, recordAttempts } from './attempts.ts';
export { type Barrier, BrokenBarrierError, createBarrier } from './barrier.ts';
export { bundleForFaults, SHRINKING_INTERCEPTORS } from './bundles.ts';
export { concurrently, type Party } from './concurrently.ts';
export { draw } from './draw.ts';
export type {
  AttemptRecord,
  Evidence,
  GateRecord,
  LedgerRecord,
  Moment,
  RequestRecord,
  Table,
  Verdict,
} from './evidence.ts';
export {
  type Asked,
  type Baseline,
  type Cell,
  type ExploredTable,
  type ExploreOptions,
  ExploreOptionsError,
  explore,
  format,
  type Observation,
  ObserveFailedError,
  type Outcome,
  PROCESS_WINDOWS,
  problemsOf,
  type Row,
  ScenarioFailedError,
  type Started,
  WINDOWS,
  type Window,
  type WorkerFactory,
} from './explore.ts';
export {
  CrashBeforeEffectError,
  crashAfterEffect,
  crashBeforeEffect,
  delay,
  type Fault,
  type FaultTarget,
  failTimes,
  hangPastTimeout,
  LostAcknowledgementError,
  PlantedFailureError,
  plantFaults,
} from './faults.ts';
export { holdActivityUntilOpen, holdPastTimeout, WorkerStoppedError } from './hold.ts';
export { joinInterceptors } from './interceptors.ts';
export { type Listening, listen, loseAnswers } from './listen.ts';
export { overlap } from './overlap.ts';
export { type Fixture, FixtureDiedError, hear, say, spawnFixture } from './process.ts';
export { type Proxy, type ProxyTarget, startProxy } from './proxy.ts';
export {
  failRandomly,
  type RandomFailures,
  type RandomFault,
  type RandomStrike,
} from './random-faults.ts';
export { type Answered, createRecorder, type Recorder } from './recorder.ts';
export { forgetRun, resetToStart } from './reset.ts';
export {
  type RestartableServer,
  type RestartableServerOptions,
  startRestartableServer,
} from './restart.ts';
export { connectTest, type Temporal, type TestServer, type WorkerExperiment } from './temporal.ts';
export { type StartedTestServer, startTestServer, type TestServerOptions } from './test-server.ts';
