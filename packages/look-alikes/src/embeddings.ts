/** What of a fingerprint places an image in a space. */
export interface Placed {
  space?: string | undefined;
  embedding?: string | undefined;
}

/** Packed embeddings of many images. Only those of one space can be compared. */
export class EmbeddingList {
  readonly #placed: ({ space: string; numbers: Int8Array; length: number } | undefined)[];

  /** @param placed embeddings as signed bytes in base64; without one, an image is like no other. */
  constructor(placed: readonly Placed[]) {
    this.#placed = placed.map(({ space, embedding }) => {
      if (space === undefined || embedding === undefined) return undefined;
      // A browser has no Buffer.
      const numbers = Int8Array.from(atob(embedding), (byte) => byte.charCodeAt(0));
      let squares = 0;
      for (let i = 0; i < numbers.length; i++) squares += numbers[i]! ** 2;
      return squares > 0 ? { space, numbers, length: Math.sqrt(squares) } : undefined;
    });
  }

  /** The cosine of two embeddings; undefined if they lie in no common space. */
  likeness(a: number, b: number): number | undefined {
    const one = this.#placed[a];
    const other = this.#placed[b];
    if (!one || !other || one.space !== other.space) return undefined;
    let product = 0;
    for (let i = 0; i < one.numbers.length; i++) product += one.numbers[i]! * other.numbers[i]!;
    return product / (one.length * other.length);
  }
}
