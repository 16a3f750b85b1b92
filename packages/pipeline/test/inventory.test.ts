import { gzipSync } from 'node:zlib';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type S3, startS3 } from '@tagmill/local-stack/s3';
import fc from 'fast-check';
import { type InventoryOptions, inventoryObjects, md5 } from '../../../test/helpers/inventory.ts';
import { openInventory, parseInventoryRow, S3ObjectStore, type StoredObject } from '../src/index.ts';

jest.setTimeout(60_000);

const BUCKET = 'inventories';
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
let server: S3;
let s3: S3Client;
let store: S3ObjectStore;
let inventories = 0;
beforeAll(async () => {
  server = await startS3({ port: 0 });
  s3 = new S3Client({ endpoint: server.endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
  store = new S3ObjectStore({ client: s3 });
  server.ensureBucket(BUCKET);
});
afterAll(async () => {
  s3.destroy();
  await server.close();
});

/** Writes an inventory of the bucket `photos`, as S3 would but for what is changed, and opens it. */
async function written(
  options: Partial<InventoryOptions>,
  change: (objects: Map<string, Buffer>, manifestKey: string) => void = () => {},
) {
  const folder = `inventory-${++inventories}`;
  const { manifestKey, objects } = inventoryObjects({ sourceBucket: 'photos', files: [], folder, ...options });
  change(objects, manifestKey);
  for (const [Key, Body] of objects) await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
  return openInventory(store, { bucket: BUCKET, key: manifestKey }, 'photos');
}

/** With a manifest that says so, and a checksum that agrees. */
const withManifest = (edit: (manifest: any) => void) => (objects: Map<string, Buffer>, manifestKey: string) => {
  const manifest = JSON.parse(objects.get(manifestKey)!.toString());
  edit(manifest);
  const text = Buffer.from(JSON.stringify(manifest));
  objects.set(manifestKey, text);
  objects.set(manifestKey.replace('manifest.json', 'manifest.checksum'), Buffer.from(md5(text)));
};

const ROWS = [
  [{ key: 'a b/ü+%.jpg', etag: 'one-2', sizeBytes: 9 }, { key: '../../etc/passwd' }],
  [{ key: 'c,"d"\n.jpg' }, { key: 'e.jpg' }, { key: 'f.jpg' }],
];
const listed = async (inventory: Awaited<ReturnType<typeof written>>, after?: string, prefix = '') =>
  (await Array.fromAsync(inventory.objects({ prefix, after }))).map(({ key }) => key);

describe('an inventory', () => {
  test('lists the objects of all its files, their keys decoded, whatever they are', async () => {
    const inventory = await written({ files: ROWS });
    const [first] = await Array.fromAsync(inventory.objects({ prefix: '' }));
    expect(first).toEqual({
      bucket: 'photos',
      key: 'a b/ü+%.jpg',
      etag: 'one-2',
      sizeBytes: 9,
      lastModified: new Date('2026-01-01T00:00:00Z'),
      position: '0:0',
    });
    expect(await listed(inventory)).toEqual(ROWS.flat().map(({ key }) => key));
    expect(await listed(inventory, undefined, 'a b/')).toEqual(['a b/ü+%.jpg']);
  });

  test('goes on after each of its rows, over the ends of its files', async () => {
    const inventory = await written({ files: [...ROWS, []] });
    const all = await Array.fromAsync(inventory.objects({ prefix: '' }));
    for (const [index, { position }] of all.entries()) {
      expect(await listed(inventory, position)).toEqual(all.slice(index + 1).map(({ key }) => key));
    }
    await expect(listed(inventory, 'a.jpg')).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  test('says how much of it was read', async () => {
    const inventory = await written({ files: ROWS });
    const reads = await Array.fromAsync(inventory.rows());
    expect(reads.at(-1)!.bytesRead).toBe(inventory.sizeBytes);
  });

  test('of all versions lists the current ones, and none of what is removed', async () => {
    const columns = ['Bucket', 'Key', 'VersionId', 'IsLatest', 'IsDeleteMarker', 'Size', 'LastModifiedDate', 'ETag'];
    const version = (key: string, IsLatest: string, IsDeleteMarker: string, more = {}) => ({
      key,
      more: { VersionId: 'v', IsLatest, IsDeleteMarker, ...more },
    });
    const inventory = await written({
      columns,
      files: [
        [
          version('current.jpg', 'true', 'false'),
          version('current.jpg', 'false', 'false'),
          version('removed.jpg', 'TRUE', 'True', { Size: '', ETag: '' }),
        ],
      ],
    });
    expect(await listed(inventory)).toEqual(['current.jpg']);
  });

  test('is read piece by piece, and let go of by whoever has read enough', async () => {
    const files = [Array.from({ length: 80_000 }, (_, i) => ({ key: md5(Buffer.from(`${i}`)) }))];
    const inventory = await written({ files });
    const first = await inventory.rows().next();
    expect(first.value.bytesRead).toBeLessThan(inventory.sizeBytes / 2);
    for await (const { position } of inventory.objects({ prefix: '' })) if (position === '0:10') break;
    expect(await listed(inventory, '0:79998')).toEqual([files[0]!.at(-1)!.key]);
  });

  test.each<[string, (manifest: any) => void, RegExp]>([
    ['Parquet', (manifest) => (manifest.fileFormat = 'Parquet'), /"Parquet" cannot be read: have S3 write it as CSV/],
    ['ORC', (manifest) => (manifest.fileFormat = 'ORC'), /"ORC" cannot be read/],
    ['too few columns', (manifest) => (manifest.fileSchema = 'Bucket, Key'), /no Size, LastModifiedDate, ETag/],
    ['another bucket', (manifest) => (manifest.sourceBucket = 'other'), /is of other, not of photos/],
    ['no checksums', (manifest) => (manifest.files = [{ key: 'a', size: 1 }]), /files\.0\.MD5checksum/],
    ['no list', (manifest) => (manifest.files = 'all'), /Not an inventory's manifest: files/],
  ])('of %s is refused in a line', async (_, edit, message) => {
    const opened = written({ files: ROWS }, withManifest(edit));
    await expect(opened).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(message),
    });
  });

  test('whose manifest is another than it was written as, or none, is refused', async () => {
    const changed = written({ files: ROWS }, (objects, key) => objects.set(key, Buffer.from('{}')));
    await expect(changed).rejects.toMatchObject({ code: 'checksum-mismatch' });
    const none = written({ files: ROWS }, (objects, key) => {
      objects.set(key, Buffer.from('<html>'));
      objects.set(key.replace('manifest.json', 'manifest.checksum'), Buffer.from(md5(Buffer.from('<html>'))));
    });
    await expect(none).rejects.toMatchObject({ code: 'invalid-argument' });
    const missing = openInventory(store, { bucket: BUCKET, key: 'nowhere/manifest.json' }, 'photos');
    await expect(missing).rejects.toMatchObject({ code: 'not-found' });
    const discard = jest.fn();
    const huge = {
      open: async () => ({ sizeBytes: 17 * 2 ** 20, discard }) as unknown as StoredObject,
      stream: store.stream,
    };
    await expect(openInventory(huge, { bucket: BUCKET, key: 'manifest.json' }, 'photos')).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(/too large/),
    });
    expect(discard).toHaveBeenCalled();
  });

  describe('with a file that', () => {
    const corrupt = (edit: (body: Buffer) => Buffer) => (objects: Map<string, Buffer>) => {
      const key = [...objects.keys()].find((each) => each.endsWith('/data/1.csv.gz'))!;
      objects.set(key, edit(objects.get(key)!));
    };

    test.each<[string, (body: Buffer) => Buffer, string]>([
      ['is another', () => gzipSync('"photos","z.jpg","1","2026-01-01T00:00:00.000Z","e"\n'), 'checksum-mismatch'],
      ['breaks off', (body) => body.subarray(0, body.length - 12), 'unreadable'],
      ['is not compressed', () => Buffer.from('"photos","z.jpg"\n'), 'unreadable'],
      ['has rows too short', () => gzipSync('"photos","z.jpg"\n'), 'unreadable'],
      ['has a row without end', () => gzipSync(`"photos","${'z'.repeat(2 ** 20)}`), 'unreadable'],
      [
        'has a key that is not encoded',
        () => gzipSync('"photos","%ZZ","1","2026-01-01T00:00:00Z","e"\n'),
        'invalid-argument',
      ],
      ['is of another bucket', () => gzipSync('"other","z","1","2026-01-01T00:00:00Z","e"\n'), 'invalid-argument'],
    ])('%s fails in a line, once the files before it were read', async (_, edit, code) => {
      const inventory = await written({ files: ROWS }, corrupt(edit));
      const keys: string[] = [];
      const reading = (async () => {
        for await (const { key } of inventory.objects({ prefix: '' })) keys.push(key);
      })();
      await expect(reading).rejects.toMatchObject({ code, message: expect.not.stringContaining('\n') });
      expect(keys.slice(0, 2)).toEqual(ROWS[0]!.map(({ key }) => key));
    });

    test('is missing fails', async () => {
      const inventory = await written({ files: ROWS }, (objects) => {
        for (const key of objects.keys()) if (key.endsWith('/data/0.csv.gz')) objects.delete(key);
      });
      await expect(listed(inventory)).rejects.toMatchObject({ code: 'not-found' });
    });
  });

  test('reads back any keys that it was written with', async () => {
    const keys = fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(keys, async (given) => {
        const inventory = await written({ files: [given.map((key) => ({ key }))] });
        expect(await listed(inventory)).toEqual(given);
      }),
      { numRuns: 20 },
    );
  });

  test('takes no row for an object that isn’t one, and throws nothing but errors of its own', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('Bucket', 'Key', 'Size', 'LastModifiedDate', 'ETag', '__proto__'), fc.string()),
        (row) => {
          try {
            expect(parseInventoryRow(row, 'photos')?.bucket).toBe('photos');
          } catch (error) {
            expect(error).toMatchObject({ code: 'invalid-argument' });
          }
        },
      ),
    );
  });
});
