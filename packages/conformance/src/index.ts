// The entry of @wireroom/conformance: the cases, the two ways to run them, their results as text; the diagnosis; and the
// exercises of the course, graded.
export type { Case, Finding, Verdict } from './case.ts';
export { CASES, SECTIONS, type Section } from './cases/cases.ts';
export { type DiagnoseOptions, diagnose } from './diagnosis/diagnosis.ts';
export {
  type Diagnosis,
  type Finding as DiagnosisFinding,
  LANGUAGES,
  type Language,
  type Mistake,
  SEVERITIES,
  type Severity,
  type Text,
  Unreachable,
} from './diagnosis/mistake.ts';
export { isMistakeId, MISTAKE_IDS, MISTAKES, type MistakeId } from './diagnosis/mistakes.ts';
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
