import type { StoredRecord } from '../page/server.ts';

/** A record of an image that was tagged at that second of a day. */
export function recordAt(second: number, { bucket = 'photos', tag = 'dog' } = {}): StoredRecord {
  return {
    schemaVersion: 1,
    image: {
      bucket,
      key: `${second}.jpg`,
      etag: 'e',
      sha256: `${second}`,
      width: 640,
      height: 480,
      format: 'jpeg',
      bytes: 9,
    },
    outcome: 'tagged',
    tags: [{ name: tag, confidence: 0.9, parents: ['animal'] }],
    broader: [],
    timings: { fetchMs: 2, decodeMs: 10, inferMs: 5, storeMs: 3, totalMs: 20.5 },
    budget: { latencyMs: 500, met: true },
    taggedAt: new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString(),
  };
}
