export { documentClient } from './client.ts';
export { packContent, unpackContent } from './content.ts';
export { type CorrectImageOptions, correctImage, removeCorrections } from './correct-image.ts';
export {
  type Correction,
  type Corrections,
  correctRecord,
  MAX_ADDED,
  MAX_REMOVED,
  type OwnTags,
  type PersonsTag,
  type RemovedTag,
} from './corrections.ts';
export { OUTCOMES } from './expression/expression.ts';
export { ExpressionError } from './expression/syntax.ts';
export { imageId, type ObjectName, tagKey } from './keys.ts';
export { type ImagePlace, PLACE_LISTS, type PlacePosition, readPlaces, signSpace } from './places.ts';
export { MAX_NAMES, makePostings } from './postings.ts';
export type { Synonyms } from './query/look-up-names.ts';
export {
  type FindImagesOptions,
  MAX_PAGE_SIZE,
  type Plan,
  TagQueries,
  type TagQueriesOptions,
} from './query/tag-queries.ts';
export type { UnknownName } from './query/unknown-names.ts';
export { ZoneMap } from './query/zone-map.ts';
export {
  type RecordedImages,
  readRecordedImages,
  readStates,
  readStatesById,
  STATES_AT_ONCE,
  type TablePosition,
} from './recorded-images.ts';
export { RulesStore, type StoredRules } from './rules-store.ts';
export { scanImages } from './scan-images.ts';
export { compareSequencers, laterSequencer } from './sequencer.ts';
export { assertReadable, isNamedIn } from './state.ts';
export * from './table-schema.ts';
export {
  countFacets,
  type FacetCounts,
  readTagStatistics,
  type TagCount,
  type TagStatistics,
} from './tag-statistics.ts';
export { TagStore, TOMBSTONE_SECONDS, type WriteOptions } from './tag-store.ts';
export type { ImageState, Page, TagStoreOptions, UnreadableItem } from './types.ts';
export { findUnindexed } from './unindexed.ts';
