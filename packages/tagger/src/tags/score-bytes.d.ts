/**
 * Scores as a byte each, on the angular scale: equal steps of arcsin √p, which stabilizes a proportion's variance (Anscombe
 * 1948, doi:10.1093/biomet/35.3-4.246). Steps are finest near 0, where many small scores add up to a broader tag, and near 1.
 *
 * @param scores 0 to 1.
 *
 * @example
 * bytesToScores(scoresToBytes(Float32Array.of(0.1, 0.9))) // [0.0998…, 0.9001…]
 */
export declare function scoresToBytes(scores: Float32Array): Uint8Array;
/** The scores that bytes stand for: within 0.0031 of what they were made of. */
export declare function bytesToScores(bytes: Uint8Array): Float32Array;
/** What is left of scores once they were kept as bytes. */
export declare function asKept(scores: Float32Array): Float32Array;
