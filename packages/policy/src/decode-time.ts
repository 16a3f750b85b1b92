import { type Distribution, interpolateDistributions, scaleDistribution } from './distribution.ts';
import type { LatencyProfile } from './profile.ts';

/** What an image's header tells of how long decoding will take. */
export interface Source {
  format: string;
  progressive: boolean;
  /** Pixels, before any scaling. */
  width: number;
  height: number;
}

type Decode = LatencyProfile['decodes'][number];

/** Where a format was not measured, the one that is coded most alike. */
const ALIKE: Readonly<Record<string, string>> = { heic: 'avif', avif: 'webp', tiff: 'png', gif: 'png', webp: 'png' };

/**
 * Header and decoding, from what was measured of images of that format: between two sizes by pixels, beyond the largest in
 * proportion to them; a small one takes no less than the smallest.
 *
 * @param measured at one number in flight; at least one.
 */
export function predictDecodeTime(
  measured: readonly Decode[],
  { format, progressive, inputSize, pixels }: Omit<Source, 'width' | 'height'> & { inputSize: number; pixels: number },
): { ms: Distribution; extrapolated: boolean } {
  const scaledAlike = nearestSize(measured, inputSize);
  const { points, alike } = likest(scaledAlike, format, progressive);
  const isSame = alike && points[0]!.inputSize === inputSize;
  const above = points.findIndex((point) => point.pixels >= pixels);
  if (above === 0) return { ms: points[0]!.ms, extrapolated: !isSame };
  if (above > 0) {
    const [low, high] = [points[above - 1]!, points[above]!];
    const share = (pixels - low.pixels) / (high.pixels - low.pixels);
    return { ms: interpolateDistributions(low.ms, high.ms, share), extrapolated: !isSame };
  }
  const largest = points.at(-1)!;
  return { ms: scaleDistribution(largest.ms, pixels / largest.pixels), extrapolated: true };
}

/** Those that were scaled to a side as close as possible: it decides how far a JPEG is reduced while it is decoded. */
function nearestSize(measured: readonly Decode[], inputSize: number): readonly Decode[] {
  const apart = (each: Decode) => Math.abs(each.inputSize - inputSize);
  const nearest = measured.reduce((best, each) => (apart(each) < apart(best) ? each : best));
  return measured.filter((each) => each.inputSize === nearest.inputSize);
}

/** Those of the format, rising in pixels: as progressive, else as it is; else of a format that is alike; else all. */
function likest(
  measured: readonly Decode[],
  format: string,
  progressive: boolean,
): { points: Decode[]; alike: boolean } {
  const rising = (points: readonly Decode[]) => points.toSorted((a, b) => a.pixels - b.pixels);
  const ofFormat = measured.filter((each) => each.format === format);
  const exact = ofFormat.filter((each) => each.progressive === progressive);
  if (exact.length > 0) return { points: rising(exact), alike: true };
  if (ofFormat.length > 0) return { points: rising(ofFormat), alike: false };
  const next = ALIKE[format];
  if (next) return { ...likest(measured, next, progressive), alike: false };
  return { points: rising(measured), alike: false };
}
