export { type ApiRequest, type CallApi, openApi } from './aws-api.ts';
export { deployedStatus } from './aws-operations.ts';
export { deployedStack, type OpenStack, openStack, type StackAddress } from './aws-stack.ts';
export { type BackfillOptions, type BackfillProgress, backfill } from './backfill.ts';
export {
  BackfillQueue,
  type BackfillQueueOptions,
  MAX_WAITING_MESSAGES,
  type ObjectToLookAt,
} from './backfill-queue.ts';
export { type BudgetPolicy, type BudgetRule, LONGEST_BUDGET_MS, latencyBudgetMs } from './budget.ts';
export { BudgetTagger, type BudgetTaggerOptions } from './budget-tagger.ts';
export { Pace } from './deadline.ts';
export { type ImageEvent, type ParsedMessage, parseMessage, revisitMessage } from './events.ts';
export {
  type Batch,
  type ChosenTagging,
  type Clock,
  type ImageTagger,
  type ObjectStore,
  type StoredObject,
  systemClock,
  type TagRequest,
} from './ports.ts';
export {
  type BatchReport,
  type ImageResult,
  type ProcessBatchOptions,
  processBatch,
  type QueueMessage,
} from './process-batch.ts';
export { type Processed, type ProcessImageOptions, processImage } from './process-image.ts';
export { type ReconcileOptions, reconcileStep } from './reconcile.ts';
export { beginning, type ReconcileReport, type ReconcileState, reconcileStateSchema } from './reconcile-state.ts';
export { type RedriveOptions, type RedriveProgress, redrive } from './redrive.ts';
export { type RuleSet, type RulesInForce, StoredRulesInForce } from './rules-in-force.ts';
export { type ListedObject, S3ObjectStore } from './s3-object-store.ts';
export { type QueueDepth, type ReceivedMessage, SqsQueue, type SqsQueueOptions } from './sqs-queue.ts';
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
