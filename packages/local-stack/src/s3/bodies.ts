import { randomUUID } from 'node:crypto';
import fs, { type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { type ChecksumAlgorithm, createHasher, type Hasher } from './checksums.ts';

/** Bytes that were written and belong to nobody yet. */
export interface Body {
  id: string;
  size: number;
  /** In hexadecimal digits. */
  md5: string;
  checksums: ReadonlyMap<ChecksumAlgorithm, string>;
  /** In hexadecimal digits, if it was asked for. */
  sha256?: string;
  /** If it is small enough for the database; else it is in a file. */
  data?: Buffer;
}

/** Some bytes of an object, in the database or in a file. */
export interface StoredPiece {
  id: string;
  size: number;
  data: Uint8Array | null;
}

export interface ByteRange {
  start: number;
  /** The last byte's index; below `start` for none. */
  end: number;
}

/** Some bytes of a piece; `end` is the index after the last. */
interface Slice {
  piece: StoredPiece;
  start: number;
  end: number;
}

/** Up to here a row of SQLite is read and written faster than a file: docs/decisions/17-local-s3.md. */
const MAX_DATA_BYTES = 65_536;
/** What is written to a file at once. */
const WRITE_BYTES = 262_144;
const READ_BYTES = 1_048_576;

/** The files that hold objects' bytes. A file that no row of the database names is deleted at the next start. */
export class Bodies {
  readonly #directory: string;
  readonly #readers = new Map<string, number>();
  /** To be deleted once nobody reads them. */
  readonly #doomed = new Set<string>();
  readonly #deletions = new Set<Promise<void>>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Deletes the files that aren't known: what was being written when the process was killed. */
  async sweep(isKnown: (id: string) => boolean): Promise<void> {
    await fs.mkdir(this.#directory, { recursive: true });
    for (const id of await fs.readdir(this.#directory)) if (!isKnown(id)) await fs.rm(this.#fileOf(id));
  }

  /**
   * Writes bytes as they come, without holding them in memory.
   *
   * @throws whatever the source or the disk throws; then nothing stays behind.
   */
  async write(
    source: AsyncIterable<Uint8Array>,
    algorithms: Iterable<ChecksumAlgorithm>,
    withSha256 = false,
  ): Promise<Body> {
    const id = randomUUID();
    const hashers = new Map<ChecksumAlgorithm, Hasher>();
    for (const algorithm of algorithms) hashers.set(algorithm, await createHasher(algorithm));
    const md5 = await createHasher('MD5');
    const sha256 = withSha256 ? await createHasher('SHA256') : undefined;
    const all = [md5, ...hashers.values(), ...(sha256 ? [sha256] : [])];
    let file: FileHandle | undefined;
    let waiting: Uint8Array[] = [];
    let waitingBytes = 0;
    let size = 0;
    const flush = async () => {
      file ??= await fs.open(this.#fileOf(id), 'wx');
      await writeAll(file, Buffer.concat(waiting));
      waiting = [];
      waitingBytes = 0;
    };
    try {
      for await (const chunk of source) {
        for (const hasher of all) hasher.update(chunk);
        size += chunk.length;
        waiting.push(chunk);
        waitingBytes += chunk.length;
        if (waitingBytes >= WRITE_BYTES) await flush();
      }
      if (size > MAX_DATA_BYTES && waitingBytes > 0) await flush();
      await file?.close();
    } catch (error) {
      await file?.close().catch(() => {});
      await fs.rm(this.#fileOf(id), { force: true });
      throw error;
    }
    return {
      id,
      size,
      md5: md5.digest().toString('hex'),
      checksums: new Map([...hashers].map(([algorithm, hasher]) => [algorithm, hasher.digest().toString('base64')])),
      ...(sha256 ? { sha256: sha256.digest().toString('hex') } : {}),
      ...(file ? {} : { data: Buffer.concat(waiting) }),
    };
  }

  /**
   * Hands over the bytes of pieces that follow each other. They are held from the call on until `use` has ended, whoever
   * discards them meanwhile.
   */
  async read<T>(
    pieces: readonly StoredPiece[],
    range: ByteRange,
    use: (chunks: AsyncGenerator<Uint8Array>) => Promise<T>,
  ): Promise<T> {
    const slices: Slice[] = [];
    let offset = 0;
    for (const piece of pieces) {
      const start = Math.max(range.start - offset, 0);
      const end = Math.min(range.end - offset + 1, piece.size);
      if (start < end) slices.push({ piece, start, end });
      offset += piece.size;
    }
    const ids = slices.map(({ piece }) => piece.id);
    for (const id of ids) this.#readers.set(id, (this.#readers.get(id) ?? 0) + 1);
    try {
      return await use(this.#readSlices(slices));
    } finally {
      for (const id of ids) this.#release(id);
    }
  }

  /** Runs what makes a body somebody's; if it throws, the body is discarded. */
  keep<T>(body: Body, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!body.data) this.discard([body.id]);
      throw error;
    }
  }

  /** Deletes files, each once nobody reads it. */
  discard(ids: Iterable<string>): void {
    for (const id of ids) {
      if (this.#readers.has(id)) this.#doomed.add(id);
      else this.#delete(id);
    }
  }

  /** Waits until what was discarded is gone. */
  async close(): Promise<void> {
    await Promise.all(this.#deletions);
  }

  async *#readSlices(slices: readonly Slice[]): AsyncGenerator<Uint8Array> {
    for (const { piece, start, end } of slices) {
      if (piece.data) {
        yield piece.data.subarray(start, end);
        continue;
      }
      const file = await fs.open(this.#fileOf(piece.id), 'r');
      try {
        for (let position = start; position < end; ) {
          const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, end - position));
          const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
          if (bytesRead === 0) throw new Error(`${this.#fileOf(piece.id)} is shorter than the database says`);
          position += bytesRead;
          yield buffer.subarray(0, bytesRead);
        }
      } finally {
        await file.close();
      }
    }
  }

  #release(id: string): void {
    const readers = this.#readers.get(id)! - 1;
    if (readers > 0) {
      this.#readers.set(id, readers);
      return;
    }
    this.#readers.delete(id);
    if (this.#doomed.delete(id)) this.#delete(id);
  }

  #delete(id: string): void {
    // What fails to go now is unknown to the database, so it goes at the next start.
    const deletion = fs.rm(this.#fileOf(id), { force: true }).catch(() => {});
    this.#deletions.add(deletion);
    void deletion.then(() => this.#deletions.delete(deletion));
  }

  #fileOf(id: string): string {
    return path.join(this.#directory, id);
  }
}

async function writeAll(file: FileHandle, data: Buffer): Promise<void> {
  for (let written = 0; written < data.length; ) {
    written += (await file.write(data, written)).bytesWritten;
  }
}
