import { createHash } from 'node:crypto';
import { pipeline, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { TagmillError } from '@tagmill/core';
import type { ObjectName } from '@tagmill/tag-store';
import { parse } from 'csv-parse';
import { type InventoryManifest, parseManifest } from './inventory-manifest.ts';
import { type InventoryRow, NEEDED_COLUMNS, parseInventoryRow } from './inventory-row.ts';
import type { ListedObject, S3ObjectStore } from './s3-object-store.ts';

/** An object as an inventory lists it. Its keys are in no order: to go on after it, say its position. */
export interface InventoriedObject extends ListedObject {
  position: string;
}

export interface InventoryRead {
  row: InventoryRow;
  /** To go on after it. */
  position: string;
  /** Of the inventory's compressed bytes, how many have been read. */
  bytesRead: number;
}

/** A manifest of a billion objects names some thousands of files. */
const MAX_MANIFEST_BYTES = 16 * 2 ** 20;

/** A key has 1,024 bytes at most, thrice as many when they are encoded; an access control list a few thousand. */
const MAX_ROW_BYTES = 256 * 1024;

/** An inventory of a bucket, as S3 writes one a day or a week: a manifest, and the files that it names. */
export class Inventory {
  readonly manifest: InventoryManifest;
  readonly #bucket: string;
  readonly #objects: Pick<S3ObjectStore, 'stream'>;

  constructor(manifest: InventoryManifest, bucket: string, objects: Pick<S3ObjectStore, 'stream'>) {
    this.manifest = manifest;
    this.#bucket = bucket;
    this.#objects = objects;
  }

  /** The bytes of all files, compressed. */
  get sizeBytes(): number {
    return this.manifest.files.reduce((sum, { size }) => sum + size, 0);
  }

  /**
   * The rows of all files, one after the other.
   *
   * @param after the position of the row to go on after.
   * @throws {TagmillError} `checksum-mismatch`, `unreadable` if a file isn't what the manifest says, at its end at the latest;
   * those of S3.
   */
  async *rows(after?: string): AsyncGenerator<InventoryRead> {
    const [firstFile, done] = after === undefined ? [0, -1] : parsePosition(after);
    let bytesBefore = 0;
    for (const [index, file] of this.manifest.files.entries()) {
      if (index >= firstFile) {
        let number = 0;
        for await (const { row, bytesRead } of this.#rowsOf(file)) {
          const isNew = index > firstFile || number > done;
          if (isNew) yield { row, position: `${index}:${number}`, bytesRead: bytesBefore + bytesRead };
          number++;
        }
      }
      bytesBefore += file.size;
    }
  }

  /**
   * The objects whose keys begin so, in their current versions.
   *
   * @throws {TagmillError} as {@link rows} does; `invalid-argument` if a row is none.
   */
  async *objects({ prefix, after }: { prefix: string; after?: string | undefined }): AsyncGenerator<InventoriedObject> {
    for await (const { row, position } of this.rows(after)) {
      const object = this.objectOf(row);
      if (object?.key.startsWith(prefix)) yield { ...object, position };
    }
  }

  /** As {@link parseInventoryRow} has it. */
  objectOf(row: InventoryRow): ListedObject | undefined {
    return parseInventoryRow(row, this.manifest.sourceBucket);
  }

  async *#rowsOf({ key, md5 }: InventoryManifest['files'][number]) {
    const body = await this.#objects.stream({ bucket: this.#bucket, key });
    const hash = createHash('md5');
    let bytesRead = 0;
    const hashing = new Transform({
      transform(chunk: Buffer, _, done) {
        hash.update(chunk);
        bytesRead += chunk.length;
        done(null, chunk);
      },
    });
    const { columns } = this.manifest;
    const parser = parse({ columns: [...columns], max_record_size: MAX_ROW_BYTES });
    // What goes wrong in any of them ends the last, with the error.
    pipeline(body, hashing, createGunzip(), parser, () => {});
    try {
      for await (const row of parser) yield { row: row as InventoryRow, bytesRead };
    } catch (cause) {
      const detail = (cause as Error).message;
      throw new TagmillError('unreadable', `s3://${this.#bucket}/${key} is no CSV file of an inventory: ${detail}`, {
        cause,
      });
    }
    if (hash.digest('hex') !== md5) {
      throw new TagmillError(
        'checksum-mismatch',
        `s3://${this.#bucket}/${key} is not the file that the manifest names`,
      );
    }
  }
}

/**
 * Reads an inventory's manifest, and holds it to the checksum beside it.
 *
 * @param name of `…/manifest.json`.
 * @param bucket that it must list.
 * @throws {TagmillError} `not-found`; `checksum-mismatch`; `invalid-argument` if it is none, or one that can't be used.
 */
export async function openInventory(
  objects: Pick<S3ObjectStore, 'open' | 'stream'>,
  name: ObjectName,
  bucket: string,
): Promise<Inventory> {
  const manifest = await readSmall(objects, name);
  const sum = await readSmall(objects, { ...name, key: name.key.replace(/[^/]*$/, 'manifest.checksum') });
  if (createHash('md5').update(manifest).digest('hex') !== sum.toString().trim().toLowerCase()) {
    throw new TagmillError('checksum-mismatch', `s3://${name.bucket}/${name.key} is not what manifest.checksum says`);
  }
  const parsed = parseManifest(manifest.toString(), NEEDED_COLUMNS);
  if (parsed.sourceBucket === bucket) return new Inventory(parsed, name.bucket, objects);
  throw new TagmillError('invalid-argument', `The inventory is of ${parsed.sourceBucket}, not of ${bucket}`);
}

/** As {@link Inventory.rows} gave it: number of the file, and of the row in it. */
function parsePosition(text: string): [file: number, row: number] {
  const groups = /^(?<file>\d+):(?<row>\d+)$/.exec(text)?.groups;
  if (!groups) throw new TagmillError('invalid-argument', `${text} is no position in an inventory`);
  return [Number(groups.file), Number(groups.row)];
}

async function readSmall(objects: Pick<S3ObjectStore, 'open'>, { bucket, key }: ObjectName): Promise<Buffer> {
  const url = `s3://${bucket}/${key}`;
  const object = await objects.open({ bucket, key });
  if (!object) throw new TagmillError('not-found', `There is no ${url}`);
  if (object.sizeBytes <= MAX_MANIFEST_BYTES) return Buffer.from(await object.read());
  object.discard();
  throw new TagmillError('invalid-argument', `${url} is too large for an inventory's manifest`);
}
