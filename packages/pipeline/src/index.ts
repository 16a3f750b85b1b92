export {
  BackfillQueue,
  type BackfillQueueOptions,
  formatBackfillMessage,
  MAX_WAITING_MESSAGES,
  type ObjectToLookAt,
} from './backfill-queue.ts';
export { decodeKey } from './decode-key.ts';
export { formatRevisitMessage, type ImageEvent, type ParsedMessage, parseMessage } from './events.ts';
export { isFolder } from './folder.ts';
export { type InventoriedObject, Inventory, type InventoryRead, openInventory } from './inventory.ts';
export type { InventoryManifest } from './inventory-manifest.ts';
export { type InventoryRow, parseInventoryRow } from './inventory-row.ts';
export type { ImageWriter, ObjectStore, StoredObject } from './ports.ts';
export {
  type BatchReport,
  type ImageResult,
  type ProcessBatchOptions,
  processBatch,
  type QueueMessage,
} from './process-batch.ts';
export { type Processed, type ProcessImageOptions, processImage } from './process-image.ts';
export { type ReconcileOptions, reconcileStep } from './reconcile.ts';
export {
  beginReconcile,
  parseReconcileState,
  type ReconcileReport,
  type ReconcileState,
  reconcileStateSchema,
} from './reconcile-state.ts';
export { isNamedByOthers, renameCorrections } from './rename-image.ts';
export {
  NOTHING_IN_FORCE,
  nameTaught,
  parseRuleSet,
  type RuleSet,
  storeRuleSet,
  type VersionedRuleSet,
  versionRuleSet,
} from './rule-set.ts';
export { type RulesInForce, StoredRulesInForce } from './rules-in-force.ts';
export { type ListedObject, S3ObjectStore } from './s3-object-store.ts';
export {
  type QueueDepth,
  type ReceivedMessage,
  type RefusedMessage,
  SQS_BATCH_SIZE,
  SqsQueue,
  type SqsQueueOptions,
} from './sqs-queue.ts';
