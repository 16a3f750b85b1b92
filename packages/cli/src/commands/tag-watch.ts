import fs from 'node:fs';
import path from 'node:path';
import { type ImageRecord, TagmillError } from '@tagmill/core';
import { readImage } from '@tagmill/image-files';
import { EXIT } from '../errors.ts';
import { interruption } from '../interruption.ts';
import type { Format } from '../output/formats.ts';
import { type Output, openOutput } from '../output/output.ts';
import { recordWriter } from '../output/record-formats.ts';
import { findSidecar, readSidecarSource } from '../output/sidecar-file.ts';
import { SidecarWriter } from '../output/sidecar-writer.ts';
import { recordTagging } from '../tagging/file-record.ts';
import { type FileTagger, type FileTaggerOptions, openFileTagger } from '../tagging/file-tagger.ts';
import { EachContentOnce } from '../watch/each-content-once.ts';
import { OneAtATime } from '../watch/one-at-a-time.ts';
import { WHOLE_AFTER_MS, watchFolder } from '../watch/watch-folder.ts';

/** What looks damaged may be half written: it is looked at once more, so much later, before that is said. */
const SECOND_LOOK_MS = 10_000;

/** The watcher tells of no file that is deleted before it counts as whole: a sidecar is looked for so long after it was written. */
const SIDECAR_LOOK_MS = 2 * WHOLE_AFTER_MS;

export interface WatchCommandOptions extends FileTaggerOptions {
  /** JSONL is the only one: the others need all records. */
  format?: Format;
  /** Appended to. */
  output?: string;
  /** Writes the tags beside each image; one whose sidecar says that it has them already is left alone. */
  sidecars: boolean;
  /** Globs of what is left out. */
  exclude: string[];
  resume?: string;
}

/**
 * `tagmill tag --watch`: tags the images in the folders and those that arrive, one line of JSON an image. When it is interrupted, it
 * finishes the images in hand and says how many there were.
 */
export async function tagArrivals(folders: readonly string[], options: WatchCommandOptions): Promise<void> {
  if (options.format !== undefined && options.format !== 'jsonl') {
    throw new TagmillError(
      'invalid-argument',
      `With --watch, records come as jsonl, line by line: not ${options.format}`,
    );
  }
  if (options.resume !== undefined) {
    throw new TagmillError('invalid-argument', '--watch adds to --output anyway: leave out --resume');
  }
  const stopping = new AbortController();
  const { signal } = stopping;
  void interruption().then(() => stopping.abort());
  const output = await openOutput(options.output, { append: true });
  const tagger = await openFileTagger(options);
  const failed = Promise.withResolvers<never>();
  const work = new OneAtATime(tagger.concurrency, async (file) => {
    if (!signal.aborted) await arrivals.take(file).catch(failed.reject);
  });
  const arrivals = new Arrivals({ ...options, tagger, output, lookAgain: (file) => work.add(file) });
  try {
    const watching = folders.map((folder) =>
      watchFolder(path.normalize(folder), {
        onImage: (file) => work.add(file),
        onSidecarGone: (sidecar) => arrivals.noticeLoss(sidecar),
        exclude: options.exclude,
        say,
        signal,
      }),
    );
    await Promise.race([Promise.all(watching), failed.promise]).finally(() => stopping.abort());
  } finally {
    await work.drained();
    await arrivals.finish();
    await output.close();
    await tagger.close();
    say(arrivals.summary());
  }
  if (arrivals.hasFailed) process.exitCode = EXIT.failed;
}

interface ArrivalsOptions {
  tagger: FileTagger;
  output: Output;
  sidecars: boolean;
  /** Is told a file that {@link Arrivals.take} wants to be given once more. */
  lookAgain: (file: string) => void;
}

class Arrivals {
  readonly #options: ArrivalsOptions;
  readonly #contents: EachContentOnce;
  readonly #writer = recordWriter('jsonl');
  readonly #sidecars: SidecarWriter | undefined;
  readonly #counts = { done: 0, copies: 0, leftAlone: 0 };
  /** As they were looked at last. */
  readonly #untagged = new Set<string>();
  /** The images that sidecars are about. */
  readonly #images = new Map<string, string>();
  /** Images whose sidecar was deleted. */
  readonly #lost = new Set<string>();
  /** Images that looked damaged, with the digest that they had then. */
  readonly #unsure = new Map<string, string>();

  constructor(options: ArrivalsOptions) {
    this.#options = options;
    this.#contents = new EachContentOnce(options.tagger);
    this.#sidecars = options.sidecars ? new SidecarWriter() : undefined;
  }

  /** Whether something could not be tagged, or a sidecar not be written. */
  get hasFailed(): boolean {
    return this.#untagged.size + (this.#sidecars?.failed ?? 0) > 0;
  }

  /** A sidecar is gone: if it was about an image here, that gets another. */
  noticeLoss(sidecar: string): void {
    const image = this.#images.get(sidecar);
    if (image === undefined) return;
    this.#lost.add(image);
    this.#options.lookAgain(image);
  }

  async take(file: string, { isLast = false } = {}): Promise<void> {
    const startMs = performance.now();
    const isLost = this.#lost.delete(file);
    const bytes = await readImage(file, this.#options.tagger.limits).catch((error: unknown) => error as Error);
    // It may be gone by now: then there is nothing to say of it.
    if (!fs.existsSync(file)) return;
    if (bytes instanceof Error) return this.#tell(file, await recordTagging(file, () => Promise.reject(bytes)));
    const { sha256, isKnown } = this.#contents.note(file, bytes);
    if (isKnown && !isLost && !this.#unsure.has(file)) return;
    if (await this.#isUpToDate(file, sha256)) {
      if (!isLost) this.#counts.leftAlone++;
      return;
    }
    const isCopy = this.#contents.has(sha256) && !this.#unsure.has(file);
    const record = await recordTagging(file, () => this.#contents.tag(file, sha256, bytes, startMs));
    if (isLost) return this.#updateSidecar(file, record);
    const isDamaged = record.reason === 'corrupt' || record.reason === 'empty-file';
    if (isDamaged && !isLast && this.#unsure.get(file) !== sha256) {
      this.#unsure.set(file, sha256);
      setTimeout(() => this.#options.lookAgain(file), SECOND_LOOK_MS).unref();
      return;
    }
    this.#unsure.delete(file);
    if (isCopy) this.#counts.copies++;
    await this.#tell(file, record);
  }

  /** Says of what looked damaged that it is. */
  async finish(): Promise<void> {
    for (const file of [...this.#unsure.keys()]) await this.take(file, { isLast: true });
  }

  summary(): string {
    const { done, copies, leftAlone } = this.#counts;
    return [
      `${done} images done`,
      ...(this.#untagged.size > 0 ? [`${this.#untagged.size} of them could not be tagged`] : []),
      ...(copies > 0 ? [`${copies} of them had the content of another`] : []),
      ...(leftAlone > 0 ? [`${leftAlone} left alone with the sidecar that they have`] : []),
      ...(this.#sidecars?.summary() ?? []),
    ].join(', ');
  }

  async #tell(file: string, record: ImageRecord): Promise<void> {
    this.#counts.done++;
    if (record.outcome === 'rejected' || record.outcome === 'failed') this.#untagged.add(file);
    else this.#untagged.delete(file);
    await this.#options.output.write(this.#writer.write(record));
    await this.#updateSidecar(file, record);
  }

  /** Whether the sidecar was written for this very content, by the variant that would be asked now. */
  async #isUpToDate(file: string, sha256: string): Promise<boolean> {
    if (!this.#sidecars) return false;
    const sidecar = await findSidecar(file);
    this.#images.set(sidecar, file);
    const source = await readSidecarSource(sidecar).catch(() => undefined);
    const { variant = source?.variant } = this.#options.tagger;
    return source?.sha256 === sha256 && source.variant === variant;
  }

  async #updateSidecar(file: string, record: ImageRecord): Promise<void> {
    if (!this.#sidecars) return;
    const sidecar = await this.#sidecars.update(file, record);
    this.#images.set(sidecar, file);
    // Of an image without tags there is none.
    if (!fs.existsSync(sidecar)) return;
    setTimeout(() => {
      if (!fs.existsSync(sidecar)) this.noticeLoss(sidecar);
    }, SIDECAR_LOOK_MS).unref();
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
