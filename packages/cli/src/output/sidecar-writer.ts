import type { ImageRecord } from '@tagmill/core';
import { toPrintable } from '@tagmill/image-files';
import { findSidecar, updateSidecar } from './sidecar-file.ts';

/** Keeps the sidecars beside images up to date, and counts what could not be. */
export class SidecarWriter {
  readonly #counts = { written: 0, failed: 0, foreign: 0 };

  get failed(): number {
    return this.#counts.failed;
  }

  /**
   * Puts a record's tags beside its image; of one that was rejected, or on which nothing was found, it takes them back. One that could
   * not be read keeps what it has: it may be read again.
   *
   * @returns the image's sidecar, whether or not the file exists.
   */
  async update(image: string, record: ImageRecord): Promise<string> {
    const sidecar = await findSidecar(image);
    if (record.outcome === 'failed') return sidecar;
    try {
      const change = await updateSidecar(sidecar, record);
      if (change === 'written' || change === 'foreign') this.#counts[change]++;
      if (change === 'foreign') say(`Left alone, since it is no XMP: ${toPrintable(sidecar)}`);
    } catch (error) {
      this.#counts.failed++;
      say(`No sidecar: ${toPrintable(error instanceof Error ? error.message : String(error))}`);
    }
    return sidecar;
  }

  /** What there is to say in the end. */
  summary(): string[] {
    const { written, failed, foreign } = this.#counts;
    return [
      ...(written > 0 ? [`${written} sidecars written`] : []),
      ...(foreign > 0 ? [`${foreign} sidecars left alone, since they are no XMP`] : []),
      ...(failed > 0 ? [`${failed} sidecars could not be written`] : []),
    ];
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
