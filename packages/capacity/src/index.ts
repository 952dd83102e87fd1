// The entry of @wireroom/capacity.
export { measureCapacity, startCapacity } from './capacity.ts';
export type { CapacityEvent, CapacityOptions, CapacityRun, Phase, Sample } from './event.ts';
export { CAPACITY_LIMITS, STAMP_BYTES } from './limits.ts';
export type { Mix } from './mix.ts';
export { type CostModel, predictCpu, predictMemory } from './model/cost-model.ts';
export {
  type Aim,
  CapacityError,
  type CapacityPlan,
  checkPlan,
  RAMP_SHARES,
  shareOf,
  type TargetPlan,
} from './plan.ts';
export {
  about,
  bytes,
  count,
  digits,
  duration,
  foretold,
  milliseconds,
  percent,
  quantity,
} from './report/amounts.ts';
export { type Answer, answerOf, firstCeiling, type ReportLanguage } from './report/answer.ts';
export {
  CAPACITY_FILE_BYTES_MAX,
  type CapacityFile,
  CapacityFileError,
  capacityFileText,
  readCapacityFile,
} from './report/capacity-file.ts';
export { curveOf } from './report/curve.ts';
export type {
  CapacityReport,
  Ceiling,
  Costs,
  Machine,
  Prediction,
  Quantiles,
  Step,
  Target,
} from './report.ts';
