import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { TagmillError } from '@tagmill/core';
import { readJson, replaceFile } from '@tagmill/variants';
import { z } from 'zod';

const pinsSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** By path below the publisher's root: a mirror's files have to be the same. */
  sha256: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
});

/**
 * What the publisher's files were when they were first pulled, in `pull-lock.json` of the folder of models: the publisher names
 * no checksums, so a file is trusted once, and held to that afterwards.
 */
export class Pins {
  readonly #file: string;

  constructor(models: string) {
    this.#file = path.join(models, 'pull-lock.json');
  }

  async has(published: string): Promise<boolean> {
    return published in (await this.#read());
  }

  /** @throws {TagmillError} `checksum-mismatch` if this path was another file when it was first pulled. */
  async check(published: string, sha256: string): Promise<void> {
    const pinned = (await this.#read())[published];
    if (pinned === undefined || pinned === sha256) return;
    throw new TagmillError(
      'checksum-mismatch',
      `${published} is not the file that was pulled first: SHA-256 ${sha256}, pinned ${pinned}. If you trust the new one, take its line out of ${this.#file}`,
    );
  }

  /** Keeps what was pulled, unless it is pinned already. */
  async pin(published: string, sha256: string): Promise<void> {
    const pinned = await this.#read();
    if (pinned[published] === sha256) return;
    const lock = { schemaVersion: 1, sha256: { ...pinned, [published]: sha256 } };
    await replaceFile(this.#file, `${JSON.stringify(lock, null, 2)}\n`);
  }

  async #read(): Promise<Record<string, string>> {
    return fs.existsSync(this.#file) ? (await readJson(this.#file, pinsSchema)).sha256 : {};
  }
}

/** A file's digest, in hexadecimal. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(fs.createReadStream(file), hash);
  return hash.digest('hex');
}
