/**
 * Merges sorted sequences into one. Their first elements are asked for at once; after that each is read only as far as it
 * is consumed.
 *
 * @param compare negative if `a` comes before `b`.
 *
 * @example
 * await Array.fromAsync(mergeSorted([odd, even], (a, b) => a - b)) // [1, 2, 3, 4]
 */
export async function* mergeSorted<T>(
  sources: readonly AsyncIterable<T>[],
  compare: (a: T, b: T) => number,
): AsyncGenerator<T> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  const heads = await Promise.all(iterators.map((iterator) => iterator.next()));
  while (true) {
    let first = -1;
    heads.forEach((head, i) => {
      if (!head.done && (first < 0 || compare(head.value, heads[first]!.value) < 0)) first = i;
    });
    if (first < 0) return;
    yield heads[first]!.value;
    heads[first] = await iterators[first]!.next();
  }
}
