import { TagmillError } from '@tagmill/core';
import type { Head, Negatives } from './head.ts';
import { meanOf } from './vectors.ts';

/** How far the covariance is shrunk towards a multiple of the identity: Ledoit and Wolf 2004, doi:10.1016/S0047-259X(03)00096-4. */
const SHRINKAGE = 0.03;

/** How much of the covariance a person's own negatives are, where there are any. */
const SHARE_OF_NOT = 0.5;

/**
 * Linear discriminant analysis: the weights are inverse covariance x (mean of positives - mean of negatives). The covariance is the
 * background's: a few examples have none of their own (Hariharan et al. 2012, doi:10.1007/978-3-642-33765-9_33).
 */
export function fitDiscriminant(positives: readonly Float32Array[], { background, not }: Negatives): Head {
  const factor = backgroundFactor(background);
  const others = not.length > 0 ? mix(meanOf(background), meanOf(not), SHARE_OF_NOT) : meanOf(background);
  const mean = meanOf(positives);
  const weights = solve(
    factor,
    Float64Array.from(mean, (each, i) => each - others[i]!),
  );
  return { weights: Float32Array.from(weights), bias: 0 };
}

function mix(a: Float32Array, b: Float32Array, share: number): Float32Array {
  return a.map((each, i) => (1 - share) * each + share * b[i]!);
}

/** Of backgrounds that heads are fitted against again and again. */
const factors = new WeakMap<readonly Float32Array[], Float64Array[]>();

function backgroundFactor(background: readonly Float32Array[]): Float64Array[] {
  const known = factors.get(background);
  if (known) return known;
  const factor = cholesky(shrunkenCovariance(background));
  factors.set(background, factor);
  return factor;
}

/** The lower triangle of (1 - s) covariance + s mean variance x identity. */
function shrunkenCovariance(vectors: readonly Float32Array[]): Float64Array[] {
  const mean = meanOf(vectors);
  const size = mean.length;
  const covariance = Array.from({ length: size }, (_, row) => new Float64Array(row + 1));
  const centred = new Float64Array(size);
  for (const vector of vectors) {
    for (let i = 0; i < size; i++) centred[i] = vector[i]! - mean[i]!;
    for (let row = 0; row < size; row++) {
      const own = covariance[row]!;
      const value = centred[row]!;
      for (let column = 0; column <= row; column++) own[column]! += value * centred[column]!;
    }
  }
  const trace = covariance.reduce((sum, row, i) => sum + row[i]!, 0) / size;
  return covariance.map((row, i) =>
    row.map((each, column) => ((1 - SHRINKAGE) * each + (column === i ? SHRINKAGE * trace : 0)) / vectors.length),
  );
}

/** L of a positive definite matrix L Lᵀ. */
function cholesky(matrix: readonly Float64Array[]): Float64Array[] {
  const factor: Float64Array[] = [];
  for (const [i, row] of matrix.entries()) {
    const own = new Float64Array(i + 1);
    for (let j = 0; j <= i; j++) {
      let sum = row[j]!;
      const other = j < i ? factor[j]! : own;
      for (let k = 0; k < j; k++) sum -= own[k]! * other[k]!;
      if (j < i) own[j] = sum / other[j]!;
      else if (sum > 0) own[i] = Math.sqrt(sum);
      else throw new TagmillError('invalid-model', 'The background embeddings are all alike');
    }
    factor.push(own);
  }
  return factor;
}

/** x of L Lᵀ x = b. */
function solve(factor: readonly Float64Array[], b: Float64Array): Float64Array {
  const x = b.slice();
  for (let i = 0; i < x.length; i++) {
    for (let k = 0; k < i; k++) x[i]! -= factor[i]![k]! * x[k]!;
    x[i]! /= factor[i]![i]!;
  }
  for (let i = x.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < x.length; k++) x[i]! -= factor[k]![i]! * x[k]!;
    x[i]! /= factor[i]![i]!;
  }
  return x;
}
