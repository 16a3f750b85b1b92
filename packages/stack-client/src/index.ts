export { type ApiRequest, type CallApi, openApi } from './api.ts';
export { type AppliedRules, type ApplyRulesOptions, type ApplyRulesProgress, applyRules } from './apply-rules.ts';
export { type BackfillOptions, type BackfillProgress, backfill } from './backfill.ts';
export { type ChangeRuleSet, changeRuleSet } from './change-rule-set.ts';
export {
  type CompareRulesOptions,
  compareRules,
  type NameChange,
  type NameRole,
  type NameUse,
  type RulesComparison,
  type RulesExample,
} from './compare-rules.ts';
export { readDeployedStatus } from './deployed-status.ts';
export { type EmptiedBucket, emptyBucket } from './empty-bucket.ts';
export { type RedriveOptions, type RedriveProgress, redrive } from './redrive.ts';
export { findDeployedStack, type OpenStack, openStack, type StackAddress } from './stack.ts';
export {
  type AlarmStatus,
  type DeployedStatus,
  type MappingStatus,
  QUEUE_NAMES,
  type QueueName,
  type QueueStatus,
  readStackStatus,
  type StackStatus,
} from './status.ts';
export { deleteStack, planTeardown, stopEvents, type TeardownPlan } from './teardown.ts';
export {
  findUnreadable,
  nameUnreadable,
  type UnreadableRecords,
} from './unreadable-records.ts';
export {
  describeExecution,
  type Execution,
  invokeLocally,
  type LocalFunction,
  resumeExecution,
  startExecution,
} from './workflows.ts';
