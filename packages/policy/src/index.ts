export { Backlog, type BacklogOptions } from './backlog.ts';
export { type BudgetPolicy, type BudgetRule, LONGEST_BUDGET_MS, latencyBudgetMs } from './budget.ts';
export { BudgetTagger, type BudgetTaggerOptions, LEAST_STEP_GAIN, MAX_IN_FLIGHT } from './budget-tagger.ts';
export {
  accuracy,
  type Choice,
  type ChoiceRequest,
  chooseConcurrency,
  chooseVariant,
  frontier,
  PROMISED_SHARE,
  SAFETY_MARGIN,
} from './choose-variant.ts';
export { DeadlineEstimator } from './deadline-estimator.ts';
export type { Source } from './decode-time.ts';
export { always, type Distribution, distributionOf, quantile, scaled, sumOf } from './distribution.ts';
export { byCost, LatencyModel, loadLatencyModel, type Prediction } from './latency-model.ts';
export { LatencyTracker, type Work } from './latency-tracker.ts';
export { thisMachine } from './machine.ts';
export { type Batch, type ChosenTagging, type Clock, type ImageTagger, systemClock, type TagRequest } from './ports.ts';
export {
  type LatencyProfile,
  loadProfiles,
  type Machine,
  nearestProfile,
  PROFILES,
  profileFileName,
  profileSchema,
  saveProfile,
} from './profile.ts';
export { RecentValues } from './recent-values.ts';
export { TYPICAL_PHOTO } from './typical-photo.ts';
export { returnDelaySeconds } from './visibility.ts';
