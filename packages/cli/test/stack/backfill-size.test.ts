import { describe, expect, test } from '@jest/globals';
import { parseInventoryRow } from '@tagmill/pipeline';
import { type BackfillSize, countInventory, countListing, describeSize } from '../../src/stack/backfill-size.ts';

const rows = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    Bucket: 'photos',
    Key: i % 2 === 0 ? `old/${i}.jpg` : `new/${i}.jpg`,
    Size: '1000',
    LastModifiedDate: '2026-01-01T00:00:00.000Z',
    ETag: 'e',
  }));

/** Of a thousand bytes, of which each row is as many. */
function inventoryOf(count: number) {
  return {
    manifest: { sourceBucket: 'photos', createdAt: new Date('2026-01-02T00:00:00Z'), columns: [], files: [] },
    sizeBytes: 1000,
    objectOf: (row: Record<string, string>) => parseInventoryRow(row, 'photos'),
    async *rows() {
      for (const [i, row] of rows(count).entries()) {
        yield { row, position: `0:${i}`, bytesRead: ((i + 1) * 1000) / count };
      }
    },
  };
}

describe('what a backfill would enqueue', () => {
  test('is counted below the prefix, in a listing and in an inventory', async () => {
    const listing = (async function* () {
      for (const row of rows(6)) yield parseInventoryRow(row, 'photos')!;
    })();
    expect(describeSize(await countListing(listing, { bucket: 'photos', prefix: '' }))).toBe(
      '6 objects, 0.0 GB below s3://photos/',
    );
    expect(await countInventory(inventoryOf(100), 'old/')).toMatchObject({
      objects: 50,
      bytes: 50_000,
      how: 'counted',
    });
  });

  test('is reckoned, of all of a large inventory, from its first rows', async () => {
    const size = await countInventory(inventoryOf(100), 'old/', 10);
    expect(size).toMatchObject({ objects: 100, bytes: 100_000, how: 'estimated' });
    expect(describeSize(size)).toBe(
      'Some 100 objects, 0.0 GB in all of s3://photos, by the inventory of 2026-01-02T00:00:00.000Z, reckoned from 10 of them',
    );
    expect(await countInventory(inventoryOf(10), '', 10)).toMatchObject({ objects: 10, how: 'counted' });
  });

  test('is said to be too much for one run, where it may be', () => {
    const size: BackfillSize = { objects: 100_000_001, bytes: 3e15, how: 'estimated', what: 'there' };
    expect(describeSize(size)).toMatch(/^Some 100000001 objects, 3000000\.0 GB there\nOne run is only known to read/);
    expect(describeSize({ ...size, objects: 100_000_000 })).not.toContain('\n');
  });
});
