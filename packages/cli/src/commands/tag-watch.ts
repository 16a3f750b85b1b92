import fs from 'node:fs';
import path from 'node:path';
import { type ImageRecord, TagmillError } from '@tagmill/core';
import { taggedRecord, untaggedRecord } from '@tagmill/tagger';
import { EXIT } from '../errors.ts';
import { type FileTagger, type FileTaggerOptions, openFileTagger } from '../file-tagger.ts';
import type { Format } from '../formats.ts';
import { interruption } from '../interruption.ts';
import { readImage } from '../read-image.ts';
import { recordWriter } from '../record-formats.ts';
import { EachContentOnce } from '../watch/each-content-once.ts';
import { OneAtATime } from '../watch/one-at-a-time.ts';
import { watchFolder } from '../watch/watch-folder.ts';
import { writeText } from '../write-text.ts';
import { xmpSidecar } from '../xmp.ts';

export interface WatchCommandOptions extends FileTaggerOptions {
  /** JSONL is the only one: the others need all records. */
  format?: Format;
  /** Appended to. */
  output?: string;
  /** Writes the tags beside each image; one that has a sidecar already, from an earlier time or by someone else, is left alone. */
  sidecars?: boolean;
}

/**
 * `tagmill tag --watch`: tags what is in the folders and what arrives there, one line of JSON an image, until it is
 * interrupted; then it finishes what it is at, and says how many there were.
 */
export async function tagArrivals(folders: readonly string[], options: WatchCommandOptions): Promise<void> {
  if (options.format !== undefined && options.format !== 'jsonl') {
    throw new TagmillError(
      'invalid-argument',
      `With --watch, records come as jsonl, line by line: not ${options.format}`,
    );
  }
  const stopping = new AbortController();
  const { signal } = stopping;
  void interruption().then(() => stopping.abort());
  const tagger = await openFileTagger(options);
  const output = options.output === undefined ? process.stdout : fs.createWriteStream(options.output, { flags: 'a' });
  const arrivals = new Arrivals(tagger, output, options);
  const work = new OneAtATime(tagger.concurrency, async (file) => {
    if (!signal.aborted) await arrivals.take(file);
  });
  try {
    const watching = folders.map((folder) =>
      watchFolder(path.normalize(folder), { onImage: (file) => work.add(file), say, signal }),
    );
    await Promise.all(watching).finally(() => stopping.abort());
  } finally {
    await work.drained();
    if (output !== process.stdout) await new Promise<void>((resolve) => output.end(resolve));
    await tagger.close();
    say(arrivals.summary());
  }
  if (arrivals.counts.untagged > 0) process.exitCode = EXIT.failed;
}

class Arrivals {
  readonly counts = { done: 0, untagged: 0, leftAlone: 0 };
  readonly #tagger: FileTagger;
  readonly #contents: EachContentOnce;
  readonly #output: NodeJS.WritableStream;
  readonly #writer = recordWriter('jsonl');
  readonly #sidecars: boolean;
  /** Written by this run: they may be replaced when their image changes. */
  readonly #ownSidecars = new Set<string>();

  constructor(tagger: FileTagger, output: NodeJS.WritableStream, { sidecars }: Pick<WatchCommandOptions, 'sidecars'>) {
    this.#tagger = tagger;
    this.#contents = new EachContentOnce(tagger);
    this.#output = output;
    this.#sidecars = sidecars ?? false;
  }

  async take(file: string): Promise<void> {
    const sidecar = `${file}.xmp`;
    if (this.#sidecars && fs.existsSync(sidecar) && !this.#ownSidecars.has(sidecar)) {
      this.counts.leftAlone++;
      return;
    }
    const record = await this.#recordOf(file);
    // It may be gone by now: then there is nothing to say of it.
    if (!record || !fs.existsSync(file)) return;
    this.counts.done++;
    if (record.outcome === 'rejected' || record.outcome === 'failed') this.counts.untagged++;
    await writeText(this.#output, this.#writer.write(record));
    if (this.#sidecars && record.tags.length + record.broader.length > 0) await this.#writeSidecar(record, sidecar);
  }

  summary(): string {
    const { done, untagged, leftAlone } = this.counts;
    const { copies } = this.#contents;
    return [
      `${done} images done`,
      ...(untagged > 0 ? [`${untagged} of them could not be tagged`] : []),
      ...(copies > 0 ? [`${copies} of them had the content of another`] : []),
      ...(leftAlone > 0 ? [`${leftAlone} left alone with the sidecar that they have`] : []),
    ].join(', ');
  }

  async #recordOf(file: string): Promise<ImageRecord | undefined> {
    const name = { path: file };
    const startMs = performance.now();
    try {
      const bytes = await readImage(file, this.#tagger.limits);
      const tagging = await this.#contents.tag(file, bytes, startMs);
      if (!tagging) return undefined;
      const { budget, ...rest } = tagging;
      return { ...taggedRecord(name, rest, new Date()), ...(budget && { budget }) };
    } catch (error) {
      return untaggedRecord(name, error, new Date());
    }
  }

  /** Whole or not at all: half a sidecar would be left alone for ever. */
  async #writeSidecar(record: ImageRecord, sidecar: string): Promise<void> {
    const draft = path.join(path.dirname(sidecar), `.${path.basename(sidecar)}.part`);
    try {
      await fs.promises.writeFile(draft, xmpSidecar(record));
      await fs.promises.rename(draft, sidecar);
      this.#ownSidecars.add(sidecar);
    } catch (error) {
      say(`No sidecar: ${error instanceof Error ? error.message : error}`);
    }
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
