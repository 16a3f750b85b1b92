import { idOf } from './feed.ts';
import type { StoredRecord } from './server.ts';

/** Which images of a list are selected. It knows them by their names, so that they stay so while the list changes. */
export class Selection {
  readonly #ids = new Set<string>();
  /** Where a range begins. */
  #anchor = 0;

  get size(): number {
    return this.#ids.size;
  }

  has(record: StoredRecord): boolean {
    return this.#ids.has(idOf(record));
  }

  /** Those of a list, in its order. */
  of(images: readonly StoredRecord[]): StoredRecord[] {
    return images.filter((image) => this.has(image));
  }

  /** Selects an image, or no more. */
  toggle(images: readonly StoredRecord[], index: number): void {
    const record = images[index];
    if (!record) return;
    if (!this.#ids.delete(idOf(record))) this.#ids.add(idOf(record));
    this.#anchor = index;
  }

  /** Selects all from the image that was chosen last to this one. */
  extend(images: readonly StoredRecord[], index: number): void {
    const [from, to] = [Math.min(this.#anchor, index), Math.max(this.#anchor, index)];
    for (const record of images.slice(from, to + 1)) this.#ids.add(idOf(record));
  }

  /** Where the next range begins, if nothing is selected yet. */
  startAt(index: number): void {
    if (this.size === 0) this.#anchor = index;
  }

  all(images: readonly StoredRecord[]): void {
    for (const record of images) this.#ids.add(idOf(record));
  }

  clear(): void {
    this.#ids.clear();
  }

  /** Forgets images. */
  drop(ids: Iterable<string>): void {
    for (const id of ids) this.#ids.delete(id);
  }
}
