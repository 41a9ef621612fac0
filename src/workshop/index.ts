export {
  type Exercise,
  type ExerciseFile,
  ExerciseFileError,
  folderOf,
  needsTemporal,
  ROOT,
  readExercises,
  type Variant,
  variantsOf,
  type WrongTurn,
} from './exercise.ts';
export { createJudge, type Judge, type JudgeOptions } from './judge.ts';
export {
  type Asked,
  failuresOf,
  fingerprintOf,
  isGood,
  type Judgement,
  type Stopped,
} from './judgement.ts';
