export { holdActivityUntilOpen, recordAttempts } from './attempts.ts';
export { type Barrier, BrokenBarrierError, createBarrier } from './barrier.ts';
export { concurrently, type Party } from './concurrently.ts';
export type {
  AttemptRecord,
  Evidence,
  GateRecord,
  Moment,
  RequestRecord,
  Table,
  Verdict,
} from './evidence.ts';
export { failAfterEffect, LostAcknowledgementError } from './faults.ts';
export { type Listening, listen, loseAnswers } from './listen.ts';
export { overlap } from './overlap.ts';
export { type Fixture, FixtureDiedError, hear, say, spawnFixture } from './process.ts';
export { type Answered, createRecorder, type Recorder } from './recorder.ts';
export { connectTest, type Temporal, type TestServer, type WorkerNotes } from './temporal.ts';
