import type { Head, Negatives } from './head.ts';
import { minimize } from './minimize.ts';

/** Of the squared weights, beside a loss whose examples weigh 1 together. */
const PENALTY = 5e-4;

/** How much of the negatives' weight a person's own have, where there are any. */
const SHARE_OF_NOT = 0.5;

/**
 * Logistic regression with squared weights as a penalty. Positives and negatives weigh the same together, however few or many they are.
 */
export function fitLogistic(positives: readonly Float32Array[], { background, not }: Negatives): Head {
  const groups = [
    { embeddings: positives, sign: 1, weight: 0.5 },
    { embeddings: background, sign: -1, weight: not.length > 0 ? 0.5 * (1 - SHARE_OF_NOT) : 0.5 },
    { embeddings: not, sign: -1, weight: 0.5 * SHARE_OF_NOT },
  ];
  const size = positives[0]!.length;
  // The last parameter is the bias.
  const { x } = minimize(
    (parameters) => {
      const gradient = new Float64Array(size + 1);
      let loss = 0;
      for (let i = 0; i < size; i++) {
        loss += 0.5 * PENALTY * parameters[i]! ** 2;
        gradient[i] = PENALTY * parameters[i]!;
      }
      for (const { embeddings, sign, weight } of groups) {
        for (const embedding of embeddings) {
          let margin = parameters[size]!;
          for (let i = 0; i < size; i++) margin += parameters[i]! * embedding[i]!;
          margin *= sign;
          loss += (weight / embeddings.length) * softplus(-margin);
          const slope = (-sign * weight) / embeddings.length / (1 + Math.exp(margin));
          for (let i = 0; i < size; i++) gradient[i]! += slope * embedding[i]!;
          gradient[size]! += slope;
        }
      }
      return { value: loss, gradient };
    },
    new Float64Array(size + 1),
  );
  return { weights: Float32Array.from(x.subarray(0, size)), bias: x[size]! };
}

/** log(1 + exp x), whatever x is. */
function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}
