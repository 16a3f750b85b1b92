export { BacklogController, type BacklogControllerOptions } from './backlog-controller.ts';
export { type BudgetPolicy, type BudgetRule, chooseLatencyBudgetMs, LONGEST_BUDGET_MS } from './budget.ts';
export { BudgetTagger, type BudgetTaggerOptions, LEAST_STEP_GAIN, MAX_IN_FLIGHT } from './budget-tagger.ts';
export {
  accuracy,
  type Choice,
  type ChoiceRequest,
  chooseConcurrency,
  chooseVariant,
  findFrontier,
  PROMISED_SHARE,
  SAFETY_MARGIN,
} from './choose-variant.ts';
export { DeadlineEstimator } from './deadline-estimator.ts';
export type { Source } from './decode-time.ts';
export {
  addDistributions,
  constantDistribution,
  type Distribution,
  quantile,
  scaleDistribution,
  toDistribution,
} from './distribution.ts';
export { LatencyModel, loadLatencyModel, type Prediction, predictByCost } from './latency-model.ts';
export { LatencyTracker, type Work } from './latency-tracker.ts';
export { describeMachine } from './machine.ts';
export { type Batch, type ChosenTagging, type Clock, type ImageTagger, systemClock, type TagRequest } from './ports.ts';
export {
  findNearestProfile,
  formatProfileFileName,
  type LatencyProfile,
  loadProfiles,
  type Machine,
  PROFILES,
  profileSchema,
  saveProfile,
} from './profile.ts';
export { RecentValues } from './recent-values.ts';
export { TYPICAL_PHOTO } from './typical-photo.ts';
export { chooseReturnDelaySeconds } from './visibility.ts';
