import { mean } from 'simple-statistics';

export interface RecallOptions {
  /** Of each vector. */
  labels: readonly number[];
  /** So many of the vectors, evenly spread, are asked with. */
  queries: number;
  nearest: number;
}

/** How well vectors find others with the same label, by cosine. */
export interface Recall {
  /** Share of the queries with one of their label among the nearest others. */
  recall: number;
  /** Share of the nearest others that have the query's label. */
  share: number;
}

/** Compares each query with every other vector. */
export function recallAt(vectors: readonly Float32Array[], { labels, queries, nearest }: RecallOptions): Recall {
  const units = vectors.map((vector) => {
    const length = Math.hypot(...vector);
    return vector.map((each) => each / length);
  });
  const step = Math.max(1, Math.floor(units.length / queries));
  const shares = [];
  for (let query = 0; query < units.length; query += step) {
    const found = units
      .map((other, index) => ({ index, likeness: index === query ? -2 : product(units[query]!, other) }))
      .sort((a, b) => b.likeness - a.likeness)
      .slice(0, nearest);
    shares.push(found.filter(({ index }) => labels[index] === labels[query]).length / nearest);
  }
  return { recall: mean(shares.map((share) => Number(share > 0))), share: mean(shares) };
}

function product(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
