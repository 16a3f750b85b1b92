import type { Prevalence } from './expectation.ts';
import type { LeftOutScores } from './left-out.ts';

/** From a head's score to a confidence: sigmoid(slope · score + offset). */
export interface Calibration {
  slope: number;
  offset: number;
}

const STEPS = 50;
/** Of the slope’s square: without it, examples that stand apart altogether would make it infinite. */
const PENALTY = 1e-6;

/** The confidence that a score stands for, 0 to 1. */
export function confidenceOf({ slope, offset }: Calibration, score: number): number {
  return 1 / (1 + Math.exp(-(slope * score + offset)));
}

/** The score that stands for a confidence. */
export function scoreAt({ slope, offset }: Calibration, confidence: number): number {
  return (Math.log(confidence / (1 - confidence)) - offset) / slope;
}

/**
 * Makes confidences of scores: the share of such scores that are right, at the stated prevalence. Platt's scaling, fitted by Newton's
 * steps. Few positives have his target below 1 (Platt 1999, "Probabilistic outputs for support vector machines", section 2.2);
 * thousands of negatives need none.
 */
export function calibrate({ examples, not, background }: LeftOutScores, { prevalence }: Prevalence): Calibration {
  const shareOfNot = not.length > 0 ? prevalence : 0;
  const groups = [
    { scores: examples, target: (examples.length + 1) / (examples.length + 2), weight: prevalence / examples.length },
    { scores: not, target: 0, weight: shareOfNot / Math.max(1, not.length) },
    { scores: background, target: 0, weight: (1 - prevalence - shareOfNot) / background.length },
  ];
  let [slope, offset] = [1, Math.log(prevalence / (1 - prevalence))];
  for (let step = 0; step < STEPS; step++) {
    // Gradient and Hessian of the cross-entropy; the parameters are slope and offset.
    let [g0, g1, h00, h01, h11] = [PENALTY * slope, 0, PENALTY, 0, 1e-12];
    for (const { scores, target, weight } of groups) {
      for (const score of scores) {
        const p = confidenceOf({ slope, offset }, score);
        const [error, curve] = [weight * (p - target), weight * p * (1 - p)];
        g0 += error * score;
        g1 += error;
        h00 += curve * score * score;
        h01 += curve * score;
        h11 += curve;
      }
    }
    const determinant = h00 * h11 - h01 * h01;
    const limit = (change: number) => Math.max(-1, Math.min(1, change));
    const [dSlope, dOffset] = [(h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant];
    slope -= limit(dSlope);
    offset -= limit(dOffset);
    if (Math.abs(dSlope) + Math.abs(dOffset) < 1e-9) break;
  }
  // A higher score is never less sure.
  return { slope: Math.max(slope, 1e-3), offset };
}
