import type { RgbPixels } from '../pixels/scaling.ts';
import type { TiffPicture } from './tiff-picture.ts';
/**
 * Reads a TIFF of floating-point or 32-bit samples, of Lab, or with more samples than a picture has: libvips gives all samples as they
 * are, and they are understood here, over white.
 *
 * @throws {TagmillError} `unsupported-format` if the samples' range is none of a picture; as libvips does.
 */
export declare function unusualTiff({ file, samples }: Required<TiffPicture>): Promise<RgbPixels>;
