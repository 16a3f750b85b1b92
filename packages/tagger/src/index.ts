export { decode, type Isolation, isDecodedApart } from './decode.ts';
export { formatOf } from './format.ts';
export { type ImageEncoding, type ImageHeader, InspectionError, inspect } from './inspect.ts';
export { DEFAULT_LIMITS, type ImageLimits } from './limits.ts';
export { MAX_DECODING_BYTES } from './memory.ts';
export { taggedRecord, untaggedRecord } from './record.ts';
export { type SamplePhotoOptions, samplePhoto } from './sample-photo.ts';
export { asKept, bytesToScores, scoresToBytes } from './score-bytes.ts';
export { confidencesOf, scoresToTags, type TagOptions } from './scores.ts';
export { SessionPool, type SessionPoolOptions } from './sessions.ts';
export {
  DEFAULT_TAG_OPTIONS,
  type NamedTags,
  Tagger,
  type TaggerOptions,
  type Tagging,
} from './tagger.ts';
export { type ThumbnailOptions, thumbnail } from './thumbnail.ts';
