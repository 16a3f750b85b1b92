/** Ids are digests of so many bytes, as base64url. */
const ID_BYTES = 16;
const EMPTY = -1;
const DELETED = -2;

/**
 * Which row an id has, and which id a row has: 16 bytes an id and some more, where a Map of strings takes 150. Ids are digests, so any of
 * their bytes do for a hash.
 */
export class RowIds {
  /** Ids by row. */
  #ids = Buffer.alloc(1024 * ID_BYTES);
  /** Rows, or {@link EMPTY} or {@link DELETED}, each at its id's slot or after it: open addressing. */
  #slots = new Int32Array(2048).fill(EMPTY);
  /** Slots that aren't empty. */
  #used = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Undefined if the id has none. */
  rowOf(id: string): number | undefined {
    const slot = this.#find(Buffer.from(id, 'base64url'));
    return slot === undefined ? undefined : this.#slots[slot];
  }

  idOf(row: number): string {
    return this.#ids.toString('base64url', row * ID_BYTES, (row + 1) * ID_BYTES);
  }

  /** Gives a row that no id has to an id that has none. */
  set(id: string, row: number): void {
    if ((row + 1) * ID_BYTES > this.#ids.length) {
      this.#ids = Buffer.concat([this.#ids, Buffer.alloc(this.#ids.length)]);
    }
    Buffer.from(id, 'base64url').copy(this.#ids, row * ID_BYTES);
    if (2 * this.#used >= this.#slots.length) this.#rehash();
    this.#insert(row);
    this.#size++;
  }

  delete(id: string): void {
    const slot = this.#find(Buffer.from(id, 'base64url'));
    if (slot === undefined) return;
    this.#slots[slot] = DELETED;
    this.#size--;
  }

  #find(id: Buffer): number | undefined {
    for (let slot = this.#slotOf(id, 0); this.#slots[slot] !== EMPTY; slot = this.#after(slot)) {
      const row = this.#slots[slot]!;
      if (row !== DELETED && id.compare(this.#ids, row * ID_BYTES, (row + 1) * ID_BYTES) === 0) return slot;
    }
    return undefined;
  }

  #insert(row: number): void {
    let slot = this.#slotOf(this.#ids, row * ID_BYTES);
    while (this.#slots[slot] !== EMPTY) slot = this.#after(slot);
    this.#slots[slot] = row;
    this.#used++;
  }

  #rehash(): void {
    const rows = this.#slots.filter((row) => row >= 0);
    this.#slots = new Int32Array(Math.max(2048, 2 ** Math.ceil(Math.log2(4 * (rows.length + 1))))).fill(EMPTY);
    this.#used = 0;
    for (const row of rows) this.#insert(row);
  }

  #slotOf(ids: Buffer, at: number): number {
    return ids.readUInt32LE(at) & (this.#slots.length - 1);
  }

  #after(slot: number): number {
    return (slot + 1) & (this.#slots.length - 1);
  }
}
