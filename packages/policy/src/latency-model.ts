import type { Variant } from '@tagmill/core';
import { parsePrecision, parseVariantName } from '@tagmill/variants';
import { linearRegression, linearRegressionLine } from 'simple-statistics';
import { predictDecodeTime, type Source } from './decode-time.ts';
import { addDistributions, type Distribution, quantile, scaleDistribution } from './distribution.ts';
import { findNearestProfile, type LatencyProfile, loadProfiles, type Machine } from './profile.ts';

export interface Prediction {
  ms: Distribution;
  /** Not all of it was measured: another machine, variant, kind of image or number in flight stood in. */
  extrapolated: boolean;
}

type Inference = LatencyProfile['inferences'][number];

/** What loading is taken to need where a profile measured none: that of the shipped one. */
const TYPICAL_LOADS: LatencyProfile['coldLoads'] = [{ variant: 'everyday/0.5-128', ms: 45 }];

/**
 * The model of a machine, from the profile in the catalogues' folders that comes closest to it.
 *
 * @throws {TagmillError} `invalid-catalogue` if there is none, or one is malformed.
 */
export async function loadLatencyModel(directories: readonly string[], machine: Machine): Promise<LatencyModel> {
  return new LatencyModel(findNearestProfile(await loadProfiles(directories), machine));
}

/** Predicts from a profile how long an image takes. Pure: the same answer to the same question. */
export class LatencyModel {
  /** The numbers in flight that were measured, rising. */
  readonly inFlightLevels: readonly number[];
  readonly #profile: LatencyProfile;
  readonly #measuredHere: boolean;
  /** The same few kinds of image come again and again. */
  readonly #known = new Map<string, Prediction>();

  constructor({ profile, measuredHere }: { profile: LatencyProfile; measuredHere: boolean }) {
    this.#profile = profile;
    this.#measuredHere = measuredHere;
    this.inFlightLevels = [...new Set(profile.inferences.map(({ inFlight }) => inFlight))].sort((a, b) => a - b);
  }

  /**
   * Decoding and inference of an image, end to end, while `inFlight` images share the processor.
   *
   * @example
   * quantile(model.predict(variant, header, 1).ms, 0.95) // 9.3
   */
  predict(variant: Variant, source: Source, inFlight: number): Prediction {
    const pixels = roundedUp(source.width * source.height);
    return this.#once([variant.variant, source.format, source.progressive, pixels, inFlight], () => {
      const decoding = this.decoding(variant, source, inFlight);
      const inference = this.inference(variant, inFlight);
      return {
        ms: addDistributions(decoding.ms, inference.ms),
        extrapolated: decoding.extrapolated || inference.extrapolated,
      };
    });
  }

  /** Reading the header and decoding alone. */
  decoding({ preprocessing: { inputSize } }: Variant, source: Source, inFlight: number): Prediction {
    const { level, factor } = this.#levelOf(inFlight);
    const decodes = this.#profile.decodes.filter((each) => each.inFlight === level);
    const pixels = roundedUp(source.width * source.height);
    const { ms, extrapolated } = predictDecodeTime(decodes, { ...source, inputSize, pixels });
    return { ms: scaleDistribution(ms, factor), extrapolated: extrapolated || factor !== 1 || !this.#measuredHere };
  }

  /** Inference alone. */
  inference(variant: Variant, inFlight: number): Prediction {
    return this.#once([variant.variant, inFlight], () => {
      const { level, factor } = this.#levelOf(inFlight);
      const measured = this.#profile.inferences.filter((each) => each.inFlight === level);
      const own = measured.find((each) => each.variant === variant.variant);
      const ms = scaleDistribution(own?.ms ?? predictByCost(variant, measured), factor);
      return { ms, extrapolated: !own || factor !== 1 || !this.#measuredHere };
    });
  }

  /**
   * Loading a variant, in milliseconds: as measured, or the longest that was, with the square of alpha, as weights grow.
   *
   * @example
   * model.load(variant) // 45
   */
  load({ variant }: Pick<Variant, 'variant'>): number {
    const { coldLoads } = this.#profile;
    const own = coldLoads.find((each) => each.variant === variant);
    if (own) return own.ms;
    const readAlpha = (name: string) => parseVariantName(name).alpha;
    const measured = coldLoads.length > 0 ? coldLoads : TYPICAL_LOADS;
    return Math.max(
      ...measured.map((each) => each.ms * Math.max(1, readAlpha(variant) / readAlpha(each.variant)) ** 2),
    );
  }

  /** The least number in flight that was measured and is no smaller; beyond the largest, images share the processor. */
  #levelOf(inFlight: number): { level: number; factor: number } {
    const level = this.inFlightLevels.find((each) => each >= inFlight);
    if (level !== undefined) return { level, factor: 1 };
    const largest = this.inFlightLevels.at(-1)!;
    return { level: largest, factor: inFlight / largest };
  }

  #once(key: readonly unknown[], make: () => Prediction): Prediction {
    const name = key.join();
    const known = this.#known.get(name) ?? make();
    this.#known.set(name, known);
    return known;
  }
}

/**
 * Inference of an unmeasured variant: the time of the measured one closest in mult-adds, scaled along the line through all measured ones,
 * milliseconds = a + b x mult-adds. `tagmill models profile` says how far off it is.
 *
 * Floats and whole numbers have lines of their own. Where none of its precision was measured, a variant is taken to be as slow as
 * the others: int8 is not always faster (microsoft/onnxruntime #17389), and must not be chosen for a gain that nobody has seen.
 */
export function predictByCost(
  { variant, multAdds }: Pick<Variant, 'variant' | 'multAdds'>,
  inferences: readonly Inference[],
): Distribution {
  const alike = inferences.filter((each) => parsePrecision(each.variant) === parsePrecision(variant));
  const measured = alike.length > 0 ? alike : inferences;
  const apart = (each: Inference) => Math.abs(Math.log(each.multAdds / multAdds));
  const nearest = measured.reduce((best, each) => (apart(each) < apart(best) ? each : best));
  const line = linearRegression(measured.map((each) => [each.multAdds, quantile(each.ms, 0.5)]));
  const along = linearRegressionLine(line);
  // One point gives no line, and noise may give one that falls: then time goes with mult-adds.
  const rising = line.m > 0 && along(0) >= 0;
  const factor = rising ? along(multAdds) / along(nearest.multAdds) : multAdds / nearest.multAdds;
  return scaleDistribution(nearest.ms, factor);
}

/** To the next eighth of a power of two. */
function roundedUp(pixels: number): number {
  return 2 ** (Math.ceil(Math.log2(Math.max(pixels, 1)) * 8) / 8);
}
