export { documentClient } from './client.ts';
export { imageId, type ObjectName } from './keys.ts';
export { MAX_POSTINGS, postingsOf } from './postings.ts';
export { compareSequencers, laterSequencer } from './sequencer.ts';
export * from './table-schema.ts';
export {
  type ImagesByOutcomeOptions,
  type ImagesByTagOptions,
  MAX_PAGE_SIZE,
  TagQueries,
} from './tag-queries.ts';
export { OUTCOMES, type TagStatistics, tagStatistics } from './tag-statistics.ts';
export {
  type ClaimOptions,
  type CommitOptions,
  TagStore,
  type TagStoreOptions,
  TOMBSTONE_SECONDS,
} from './tag-store.ts';
export type { Claim, ImageState, Page } from './types.ts';
