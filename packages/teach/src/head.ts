import { dot } from './vectors.ts';

/** What scores an embedding: weights · x + bias. */
export interface Head {
  weights: Float32Array;
  bias: number;
}

/** Fits a head that scores positives above negatives. */
export type FitHead = (positives: readonly Float32Array[], negatives: Negatives) => Head;

/** What positives are told from. */
export interface Negatives {
  /** Embeddings of photos that show anything. */
  background: readonly Float32Array[];
  /** Embeddings of photos that a person says don't show it. */
  not: readonly Float32Array[];
}

/** How sure a head is of an embedding; its unit is the spread of the background's scores. */
export function scoreOf({ weights, bias }: Head, embedding: Float32Array): number {
  return dot(weights, embedding) + bias;
}

/** The same head with scores of mean 0 and deviation 1 on the background, so that those of several heads can be compared. */
export function standardize({ weights, bias }: Head, background: readonly Float32Array[]): Head {
  const scores = background.map((each) => scoreOf({ weights, bias }, each));
  const mean = scores.reduce((sum, each) => sum + each, 0) / scores.length;
  const variance = scores.reduce((sum, each) => sum + (each - mean) ** 2, 0) / scores.length;
  const scale = 1 / (Math.sqrt(variance) || 1);
  return { weights: weights.map((each) => each * scale), bias: (bias - mean) * scale };
}
