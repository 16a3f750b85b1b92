import { findUnindexed, readRecordedImages, readStates, TagStore, type TagStoreOptions } from '@tagmill/tag-store';
import type { ProcessImageOptions, ReconcileOptions } from '../src/index.ts';
import { type FakeBucket, fakeTagger, noRules } from './fake-bucket.ts';

/** What processing the images of a fake bucket takes, on a table. */
export function fakeProcessing(table: TagStoreOptions, objects: FakeBucket, now: Date): ProcessImageOptions {
  return {
    store: new TagStore(table),
    objects,
    tagger: fakeTagger,
    rules: noRules,
    budgets: { rules: [], defaultMs: 1000 },
    maxBytes: 1000,
    clock: { now: () => now },
  };
}

/** A table, as a comparison asks it. */
export function comparedTable(table: TagStoreOptions, now: Date): ReconcileOptions['table'] {
  return {
    states: (names) => readStates(table, names),
    findUnindexed: (states) => findUnindexed(table, states),
    images: (after) => readRecordedImages(table, after),
    removeUnreadable: (id) => new TagStore(table).removeUnreadable(id, now),
  };
}
