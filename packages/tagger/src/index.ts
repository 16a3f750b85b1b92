export { decode, type Isolation, isDecodedApart } from './decode.ts';
export { type Embedder, makeFingerprint, packEmbedding } from './fingerprint/fingerprint.ts';
export { perceptualHash } from './fingerprint/perceptual-hash.ts';
export { measureSharpness } from './fingerprint/sharpness.ts';
export { detectFormat } from './formats/format.ts';
export { type Inference, SessionPool, type SessionPoolOptions } from './inference/sessions.ts';
export { type ImageEncoding, type ImageHeader, InspectionError, inspect } from './inspect.ts';
export { MAX_DECODING_BYTES } from './isolation/memory.ts';
export { DEFAULT_LIMITS, type ImageLimits } from './limits.ts';
export { CROPS, decodeCrops } from './pixels/crops.ts';
export { makeSamplePhoto, type SamplePhotoOptions } from './pixels/sample-photo.ts';
export { makeThumbnail, type ThumbnailOptions } from './pixels/thumbnail.ts';
export {
  DEFAULT_TAG_OPTIONS,
  type NamedTags,
  Tagger,
  type TaggerOptions,
  type Tagging,
} from './tagger.ts';
export { makeTaggedRecord, makeUntaggedRecord } from './tags/record.ts';
export { asKept, bytesToScores, scoresToBytes } from './tags/score-bytes.ts';
export { combineConfidences, scoresToTags, type TagOptions } from './tags/scores.ts';
export { addTaught, type TaughtScore, type TaughtTags } from './tags/taught.ts';
