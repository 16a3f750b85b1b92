import type { ImageRecord, Tag } from '@tagmill/core';

/** A tag with its parents, such as `tag('collie', 0.8, 'dog')`. */
export function tag(name: string, confidence: number, ...parents: string[]): Tag {
  return { name, confidence, parents };
}

/** A whole record, as the pipeline stores it. */
export function record(key: string, tags: Tag[], more: Partial<ImageRecord> = {}): ImageRecord {
  return {
    schemaVersion: 1,
    image: { bucket: 'photos', key, etag: 'e1', sha256: 'a'.repeat(64), bytes: 1, width: 1, height: 1, format: 'jpeg' },
    outcome: tags.length > 0 ? 'tagged' : 'empty',
    tags,
    broader: [],
    model: {
      variant: 'everyday/0.5-128',
      family: 'everyday',
      alpha: 0.5,
      resolution: 128,
      precision: 'float32',
      sha256: 'b'.repeat(64),
    },
    timings: { queueMs: 9, fetchMs: 1, decodeMs: 2, inferMs: 3, storeMs: 4, totalMs: 10 },
    budget: { latencyMs: 100, met: true },
    taggedAt: '2026-01-02T03:04:05.000Z',
    ...more,
  };
}
