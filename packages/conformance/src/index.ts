// The entry of @wireroom/conformance: the cases, the two ways to run them, and their results as text;
// and the exercises of the course, graded.
export type { Case, Finding, Verdict } from './case.ts';
export { CASES, SECTIONS, type Section } from './cases/cases.ts';
export { EXERCISE_COUNT, type GradeOptions, gradeExercise } from './exercises/exercises.ts';
export {
  type Grade,
  type GradeLanguage,
  type GradeStep,
  linesOfGrade,
  type Words,
} from './exercises/grade.ts';
export { FULL_PACE, type Pace, QUICK_PACE } from './pace.ts';
export { lineOf, linesOf, type SectionSummary, summarise, tableOf } from './report.ts';
export { type ClientRun, type ClientRunOptions, testClients } from './tester/client-run.ts';
export { type RunOptions, testServer } from './tester/server-run.ts';
export type { PeerRole } from './tester/session.ts';
export type { CaseResult } from './tester/trial.ts';
