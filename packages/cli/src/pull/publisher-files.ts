import fs from 'node:fs/promises';
import path from 'node:path';
import type { EnvHttpProxyAgent } from 'undici';
import { download } from './download.ts';
import { proxyAgent } from './fetch-response.ts';
import { Pins, sha256Of } from './pins.ts';
import type { downloadProgress } from './progress.ts';
import type { PublishedFile } from './publisher.ts';

export interface PublisherFilesOptions {
  /** Folder of the user's models. */
  models: string;
  /** A mirror's root; the publisher's if absent. */
  root?: URL | undefined;
  signal: AbortSignal;
  /** Shows how far the download of a name is. */
  progress?: typeof downloadProgress;
}

/** Without a byte for so long, a connection is given up. */
const STALL_MS = 30_000;

/** The publisher's files, here for as long as they are looked at, and the same as when they were first pulled. */
export class PublisherFiles {
  readonly #options: PublisherFilesOptions;
  readonly #downloads: string;
  readonly #agent: EnvHttpProxyAgent;
  readonly #pins: Pins;

  constructor(options: PublisherFilesOptions) {
    this.#options = options;
    this.#downloads = path.join(options.models, 'downloads');
    this.#agent = proxyAgent(STALL_MS);
    this.#pins = new Pins(options.models);
  }

  /** Whether it was pulled, and of use, before. */
  isPinned({ path }: PublishedFile): Promise<boolean> {
    return this.#pins.has(path);
  }

  /**
   * Downloads a file for `use`. It is pinned once that has succeeded. So a useless file, such as a hotel's log-in page, is never taken
   * for the right one.
   *
   * @throws {TagmillError} `unavailable` if it can't be had, `checksum-mismatch` if it is not what it was; what `use` throws.
   */
  async use<Result>(published: PublishedFile, use: (file: string) => Promise<Result>): Promise<Result> {
    const { root, signal, progress: show } = this.#options;
    const name = path.basename(published.path);
    const file = path.join(this.#downloads, name);
    const progress = show?.(name);
    await fs.mkdir(this.#downloads, { recursive: true });
    try {
      await download(new URL(published.path, root ?? published.root), {
        file,
        maxBytes: published.maxBytes,
        agent: this.#agent,
        signal,
        ...(progress && { onProgress: progress.update }),
      });
      progress?.stop();
      const sha256 = await sha256Of(file);
      await this.#pins.check(published.path, sha256);
      const result = await use(file);
      await this.#pins.pin(published.path, sha256);
      return result;
    } finally {
      progress?.stop();
      await fs.rm(file, { force: true });
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
    // Not where something is left to go on with.
    await fs.rmdir(this.#downloads).catch(() => undefined);
  }
}
