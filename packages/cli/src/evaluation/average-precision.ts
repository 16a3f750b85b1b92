export interface Scored {
  /** One a class. */
  scores: Float32Array;
  /** The class that is on the image. */
  label: number;
}

/**
 * Mean average precision: of each class, how purely its images come first when all are sorted by its score, averaged over the
 * classes that some image has. Everingham et al., "The PASCAL Visual Object Classes Challenge" (2010), section 4.2, without
 * the interpolation; of equal scores the wrong ones come first.
 *
 * It says whether one threshold for all images can part a class from the others, which top-1 can't say of independent scores.
 *
 * @param images at least one.
 * @returns a fraction.
 *
 * @example
 * meanAveragePrecision([{ scores: Float32Array.of(0.9, 0.2), label: 0 }, { scores: Float32Array.of(0.1, 0.8), label: 1 }]) // 1
 */
export function meanAveragePrecision(images: readonly Scored[]): number {
  const present = [...new Set(images.map(({ label }) => label))];
  const precisions = present.map((label) => averagePrecision(images, label));
  return precisions.reduce((sum, precision) => sum + precision, 0) / precisions.length;
}

function averagePrecision(images: readonly Scored[], wanted: number): number {
  const ranked = images
    .map(({ scores, label }) => ({ score: scores[wanted]!, isRight: label === wanted }))
    .sort((a, b) => b.score - a.score || Number(a.isRight) - Number(b.isRight));
  let found = 0;
  let sum = 0;
  ranked.forEach(({ isRight }, i) => {
    if (isRight) sum += ++found / (i + 1);
  });
  return sum / found;
}
