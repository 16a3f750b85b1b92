/** A function's value and its gradient. */
export interface Valued {
  value: number;
  gradient: Float64Array;
}

const MEMORY = 8;
const MOST_STEPS = 60;
/** Of the gradient's largest part: it is flat enough then. */
const FLAT = 1e-5;
/** Of the decrease that the slope promises, so much has to come (Armijo). */
const SUFFICIENT = 1e-4;
const MOST_HALVINGS = 30;

/**
 * Finds where a smooth convex function is least: L-BFGS, Nocedal and Wright, Numerical Optimization, algorithm 7.5, with steps that
 * are halved until the function falls.
 */
export function minimize(
  evaluate: (x: Float64Array) => Valued,
  start: Float64Array,
): { x: Float64Array; value: number } {
  let x = start.slice();
  let { value, gradient } = evaluate(x);
  const pairs: { step: Float64Array; change: Float64Array }[] = [];
  for (let n = 0; n < MOST_STEPS && gradient.some((each) => Math.abs(each) > FLAT); n++) {
    let direction = descent(gradient, pairs);
    let slope = product(gradient, direction);
    if (!(slope < 0)) {
      direction = gradient.map((each) => -each);
      slope = product(gradient, direction);
    }
    let length = 1;
    let next = x;
    let found = { value: Infinity, gradient };
    for (let halving = 0; halving < MOST_HALVINGS; halving++, length /= 2) {
      next = x.map((each, i) => each + length * direction[i]!);
      found = evaluate(next);
      if (found.value <= value + SUFFICIENT * length * slope) break;
    }
    if (!(found.value < value)) break;
    const change = found.gradient.map((each, i) => each - gradient[i]!);
    const step = next.map((each, i) => each - x[i]!);
    if (product(step, change) > 0) pairs.push({ step, change });
    if (pairs.length > MEMORY) pairs.shift();
    x = next;
    ({ value, gradient } = found);
  }
  return { x, value };
}

/** Algorithm 7.4, the two loops. */
function descent(gradient: Float64Array, pairs: readonly { step: Float64Array; change: Float64Array }[]): Float64Array {
  const q = gradient.slice();
  const weights = pairs.toReversed().map(({ step, change }) => {
    const weight = product(step, q) / product(step, change);
    for (let i = 0; i < q.length; i++) q[i]! -= weight * change[i]!;
    return weight;
  });
  const last = pairs.at(-1);
  const scale = last ? product(last.step, last.change) / product(last.change, last.change) : 1;
  for (let i = 0; i < q.length; i++) q[i]! *= scale;
  for (const [n, { step, change }] of pairs.entries()) {
    const more = weights[pairs.length - 1 - n]! - product(change, q) / product(step, change);
    for (let i = 0; i < q.length; i++) q[i]! += more * step[i]!;
  }
  return q.map((each) => -each);
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
