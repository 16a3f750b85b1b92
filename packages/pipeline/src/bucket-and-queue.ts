/** The part of this package that looks at no image: functions that import it alone need no decoder in their bundle. */
export {
  BackfillQueue,
  type BackfillQueueOptions,
  MAX_WAITING_MESSAGES,
  type ObjectToLookAt,
} from './backfill-queue.ts';
export { isFolder } from './folder.ts';
export { type InventoriedObject, Inventory, type InventoryRead, openInventory } from './inventory.ts';
export type { InventoryManifest } from './inventory-manifest.ts';
export { type InventoryRow, inventoriedObject } from './inventory-row.ts';
export { systemClock } from './ports.ts';
export { type ReconcileOptions, reconcileStep } from './reconcile.ts';
export { beginning, type ReconcileReport, type ReconcileState, reconcileStateSchema } from './reconcile-state.ts';
export { type ListedObject, S3ObjectStore } from './s3-object-store.ts';
export {
  type QueueDepth,
  type ReceivedMessage,
  type RefusedMessage,
  SqsQueue,
  type SqsQueueOptions,
} from './sqs-queue.ts';
