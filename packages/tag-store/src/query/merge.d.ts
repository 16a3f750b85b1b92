/**
 * Merges sorted sequences into one. Their first elements are asked for at once; after that each is read only as far as it
 * is consumed.
 *
 * @param compare negative if `a` comes before `b`.
 *
 * @example
 * await Array.fromAsync(mergeSorted([odd, even], (a, b) => a - b)) // [1, 2, 3, 4]
 */
export declare function mergeSorted<T>(sources: readonly AsyncIterable<T>[], compare: (a: T, b: T) => number): AsyncGenerator<T>;
