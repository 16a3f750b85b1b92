export { type ApplyRulesOptions, type ApplyRulesProgress, applyRules } from './apply-rules.ts';
export { type ApiRequest, type CallApi, openApi } from './aws-api.ts';
export { deployedStatus } from './aws-operations.ts';
export { deployedStack, type OpenStack, openStack, type StackAddress } from './aws-stack.ts';
export { deleteStack, planTeardown, stopEvents, type TeardownPlan } from './aws-teardown.ts';
export {
  describeExecution,
  type Execution,
  invokeLocally,
  type LocalFunction,
  resumeExecution,
  startExecution,
} from './aws-workflows.ts';
export { type BackfillOptions, type BackfillProgress, backfill } from './backfill.ts';
export * from './bucket-and-queue.ts';
export { type BudgetPolicy, type BudgetRule, LONGEST_BUDGET_MS, latencyBudgetMs } from './budget.ts';
export { BudgetTagger, type BudgetTaggerOptions } from './budget-tagger.ts';
export {
  type CompareRulesOptions,
  compareRules,
  type NameChange,
  type NameRole,
  type NameUse,
  type RulesComparison,
  type RulesExample,
} from './compare-rules.ts';
export { Pace } from './deadline.ts';
export { type ImageEvent, type ParsedMessage, parseMessage, revisitMessage } from './events.ts';
export type {
  Batch,
  ChosenTagging,
  Clock,
  ImageTagger,
  ObjectStore,
  StoredObject,
  TagRequest,
} from './ports.ts';
export {
  type BatchReport,
  type ImageResult,
  type ProcessBatchOptions,
  processBatch,
  type QueueMessage,
} from './process-batch.ts';
export { type Processed, type ProcessImageOptions, processImage } from './process-image.ts';
export { type RedriveOptions, type RedriveProgress, redrive } from './redrive.ts';
export { type RuleSet, type RulesInForce, StoredRulesInForce } from './rules-in-force.ts';
export { type EmptiedBucket, emptyBucket } from './s3-empty-bucket.ts';
export {
  type AlarmStatus,
  type DeployedStatus,
  type MappingStatus,
  QUEUE_NAMES,
  type QueueName,
  type QueueStatus,
  type StackStatus,
  stackStatus,
} from './status.ts';
export {
  findUnreadable,
  nameUnreadable,
  type UnreadableRecord,
  type UnreadableRecords,
} from './unreadable-records.ts';
