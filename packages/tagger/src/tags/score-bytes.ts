const STEPS = 255;

/** By byte. */
const SCORES = Float32Array.from({ length: STEPS + 1 }, (_, byte) => Math.sin((byte * Math.PI) / (2 * STEPS)) ** 2);

/**
 * Scores as a byte each, on the angular scale: equal steps of arcsin √p, which stabilizes a proportion's variance (Anscombe
 * 1948, doi:10.1093/biomet/35.3-4.246). Steps are finest near 0, where many small scores add up to a broader tag, and near 1.
 *
 * @param scores 0 to 1.
 *
 * @example
 * bytesToScores(scoresToBytes(Float32Array.of(0.1, 0.9))) // [0.0998…, 0.9001…]
 */
export function scoresToBytes(scores: Float32Array): Uint8Array {
  const steps = scores.map((score) => Math.round((STEPS * 2 * Math.asin(Math.sqrt(Math.min(score, 1)))) / Math.PI));
  return new Uint8Array(steps);
}

/** The scores that bytes stand for: within 0.0031 of what they were made of. */
export function bytesToScores(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes).map((byte) => SCORES[byte]!);
}

/** What is left of scores once they were kept as bytes. */
export function asKept(scores: Float32Array): Float32Array {
  return bytesToScores(scoresToBytes(scores));
}
