import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { TagmillError } from '@tagmill/core';
import type { OpenStack } from '@tagmill/stack-client';
import { downloadZip } from 'client-zip';
import { LRUCache } from 'lru-cache';

type Name = { bucket: string; key: string };

export interface Download {
  fileName: string;
  body: Readable;
}

/** Downloads that were asked for and not begun. */
const MOST_WAITING = 100;
const WAIT_MS = 60_000;

/**
 * Files as they are in the bucket. They are asked for by a POST, which only the page can send, and fetched from an address that
 * is good once: a browser downloads from an address alone.
 */
export class Downloads {
  readonly #objects: Pick<OpenStack['objects'], 'stream' | 'exists'>;
  readonly #waiting = new LRUCache<string, readonly Name[]>({ max: MOST_WAITING, ttl: WAIT_MS });

  constructor({ objects }: { objects: Pick<OpenStack['objects'], 'stream' | 'exists'> }) {
    this.#objects = objects;
  }

  /** @returns the id that they are fetched by. */
  ask(images: readonly Name[]): string {
    const id = randomUUID();
    this.#waiting.set(id, images);
    return id;
  }

  /**
   * One image as it is; several in an archive, without those that are gone by then.
   *
   * @throws {TagmillError} `not-found` if nothing was asked for by that id, or the only image is gone.
   */
  async fetch(id: string): Promise<Download> {
    const images = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (!images) throw new TagmillError('not-found', 'This download was fetched already: ask for it again');
    const [image] = images as [Name];
    if (images.length === 1) {
      return { fileName: path.posix.basename(image.key), body: await this.#objects.stream(image) };
    }
    const { body } = downloadZip(this.#entries(images));
    return { fileName: 'photos.zip', body: Readable.fromWeb(body as ReadableStream) };
  }

  async *#entries(images: readonly Name[]) {
    for (const image of images) {
      if (!(await this.#objects.exists(image))) continue;
      yield {
        name: entryName(image),
        input: Readable.toWeb(await this.#objects.stream(image)) as globalThis.ReadableStream,
      };
    }
  }
}

/**
 * The path of an image in an archive: no program that unpacks it must leave its folder.
 *
 * @example
 * entryName({ bucket: 'b', key: '/../a//b.jpg' }) // 'a/b.jpg'
 */
export function entryName({ key }: Name): string {
  const parts = key.split(/[/\\]/).filter((part) => part !== '' && part !== '.' && part !== '..');
  return parts.join('/') || 'photo';
}
