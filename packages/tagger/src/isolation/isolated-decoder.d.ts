import { type ErrorCode, type ImageFacts } from '@tagmill/core';
import { type ImageHeader } from '../inspect.ts';
import { type ImageLimits } from '../limits.ts';
import type { RgbPixels, Scaling } from '../pixels/scaling.ts';
/** What {@link inspect} is asked. */
export interface InspectionJob {
    bytes: Uint8Array;
    limits: ImageLimits;
}
/** What {@link decodeScaledPicture} is asked. */
export interface ScalingJob {
    bytes: Uint8Array;
    header: ImageHeader;
    scaling: Scaling;
}
export type DecoderJob = InspectionJob | ScalingJob;
type Result<Job extends DecoderJob> = Job extends InspectionJob ? ImageHeader : RgbPixels;
export type DecoderAnswer = {
    result: ImageHeader | RgbPixels;
} | {
    error: {
        code: ErrorCode;
        message: string;
        facts?: Partial<ImageFacts>;
    };
};
/**
 * Inspects or decodes an image in another process, so that whatever it does there can be ended, and its memory is bounded: one at a
 * time, and what took much memory takes its process along. An image that crashes the decoder is tried once more, since it
 * may have been killed for another's sake.
 *
 * @param options.timeLimitMs after that the process is killed.
 * @throws {TagmillError} `crashed-decoder` if it crashed twice; `timeout`; what {@link inspect} or {@link decodeScaledPicture} throws.
 */
export declare function runIsolated<Job extends DecoderJob>(job: Job, { timeLimitMs }?: {
    timeLimitMs?: number | undefined;
}): Promise<Result<Job>>;
export {};
