import type { FailureReason, RejectReason } from './errors.ts';

export type Outcome = 'tagged' | 'empty' | 'rejected' | 'failed';

export interface Tag {
  name: string;
  /** 0 to 1. */
  confidence: number;
  /** Broader tags, nearest first. */
  parents: string[];
  /** A person said so, and not the model. */
  by?: 'person';
  /** A person taught it with examples: it is none of the model's labels. */
  source?: 'taught';
}

export interface BroaderTag {
  name: string;
  /** 0 to 1: what the distinct labels below it come to, as {@link BROADER_RULES} says. */
  confidence: number;
}

/**
 * What the labels below a broader tag make its confidence: their sum, where one excludes the others, as in a softmax; where each
 * stands for itself, the highest of them, or the chance that at least one is right if they err independently.
 */
export const BROADER_RULES = ['sum', 'max', 'noisy-or'] as const;

export type BroaderRule = (typeof BROADER_RULES)[number];

/** From which confidence a tag is shown; null where it never is. */
export interface TagThreshold {
  /** Four in five of such tags are right. */
  shown: number | null;
  /** 95% of them are. */
  sure: number | null;
}

/** When a variant's tags are worth showing, as it was measured. */
export interface Thresholds {
  broader: BroaderRule;
  /** By name, of each label and each broader tag. */
  tags: Readonly<Record<string, TagThreshold>>;
}

export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff' | 'heic';

export interface ImageFacts {
  sha256: string;
  bytes: number;
  /** Pixels, as displayed: after EXIF orientation. */
  width: number;
  height: number;
  format: ImageFormat;
  /** When the camera says that it was taken, ISO 8601; no zone if the camera wrote none. */
  takenAt?: string;
}

/** Where an image came from: a file, or an object in a bucket. */
export type ImageName = { path: string } | { bucket: string; key: string; versionId?: string; etag?: string };

export type Precision = 'float32' | 'int8';

export interface ModelFacts {
  variant: string;
  family: string;
  /** Width multiplier, in (0, 1]. */
  alpha: number;
  /** Pixels of the square that the network sees. */
  resolution: number;
  precision: Precision;
  sha256: string;
}

/** Milliseconds. */
export interface Timings {
  queueMs?: number;
  fetchMs?: number;
  decodeMs: number;
  inferMs: number;
  /** Reading the table; and writing to it, which counts as long as the process's write before this one took. */
  storeMs?: number;
  totalMs: number;
}

/**
 * Why a variant was chosen for an image: it is the most accurate of all; or of those that fit the latency budget, the batch's
 * remaining time (`deadline`), or the pace that a backlog asks for; or nothing fits, and it is the fastest.
 */
export const CHOICE_REASONS = ['most-accurate', 'budget', 'deadline', 'backlog', 'none-fits'] as const;

export type ChoiceReason = (typeof CHOICE_REASONS)[number];

export interface Budget {
  latencyMs: number;
  met: boolean;
  /** The 95th percentile of `totalMs`, as it was predicted when the variant was chosen. */
  predictedMs?: number;
  reason?: ChoiceReason;
  /** The prediction didn't rest on measurements of this machine alone. */
  extrapolated?: boolean;
}

/**
 * Which tags are shown. `default`: those of which four in five are right, by the variant's own threshold for each tag; `sure`: 95%
 * of them; a number: all that are at least so sure.
 */
export type MinConfidence = number | 'default' | 'sure';

/** All that a network said of an image, and by what it became tags: enough to name it anew, without the image. */
export interface ImageScores {
  /** Whose labels the scores are about. */
  labelSet: string;
  /** Whose scores they are, and whose thresholds count; absent in what was kept before variants had any. */
  variant?: string;
  /** One a label, crop after crop, on the angular scale: see the tagger's `scoresToBytes`. */
  bytes: Uint8Array;
  topN: number;
  minConfidence: MinConfidence;
  /** Of broader tags, where it is another number. */
  minBroaderConfidence?: number;
}

/** What is kept of an image's looks: enough to find what looks alike, and what is the same picture, without the image. */
export interface Fingerprint {
  /** The tagger's `perceptualHash`: 64 bits, as 16 hexadecimal digits. */
  hash: string;
  /** The tagger's `measureSharpness`: to be compared among copies of one picture. */
  sharpness: number;
  /** Names the space that the embedding lies in. Absent, like the embedding, where the variant has no space. */
  space?: string;
  /** The embedding times 127, a signed byte a dimension, in base64. */
  embedding?: string;
}

/** One record an image: what the command prints, the pipeline stores and the API returns. */
export interface ImageRecord {
  schemaVersion: 1;
  image: ImageName & Partial<ImageFacts>;
  outcome: Outcome;
  reason?: RejectReason | FailureReason;
  message?: string;
  /** Highest confidence first. */
  tags: Tag[];
  broader: BroaderTag[];
  /** Tags that a person says aren't on it, whether or not the model would name them. */
  removed?: string[];
  model?: ModelFacts;
  timings?: Timings;
  budget?: Budget;
  /** Only where it was asked for. */
  fingerprint?: Fingerprint;
  /** ISO 8601. Rules and corrections leave it as it is, unless they change the outcome: then it is their time. */
  taggedAt: string;
}

export interface Label {
  index: number;
  name: string;
  /** WordNet synset, such as `n02099601`. */
  wnid?: string;
  synonyms: string[];
  /** Broader tags, nearest first. */
  parents: string[];
  /** A broader tag alone: the network says how likely it is, but no photo is given it as its class. */
  isBroader?: true | undefined;
}

/** How an image becomes the network's input. */
export interface Preprocessing {
  /** Side, in pixels, of the uint8 square that the ONNX graph takes; the graph enlarges it to the resolution. */
  inputSize: number;
  /** `centre-crop`: the largest centred square; `squash`: both sides scaled on their own. */
  fit: 'centre-crop' | 'squash';
  /** The central part of each side that is kept first: 1 is all. */
  centralFraction: number;
}

/** One point of a family, as the catalogue describes it. */
export interface Variant extends ModelFacts {
  /** Absolute path of the file that `sha256` is the digest of. */
  file: string;
  network: 'mobilenet-v1' | 'mobilenet-v2';
  /** Name of the label set. */
  labels: string;
  preprocessing: Preprocessing;
  multAdds: number;
  parameters: number;
  sizeBytes: number;
  /** Fractions, 0 to 1; absent where nobody has measured them. */
  top1?: number;
  top5?: number;
  /** The data set that top-1 and top-5 were measured on. */
  measuredOn?: string;
  /** Absolute path of the confidences from which its tags are shown; absent where nobody has measured them. */
  thresholds?: string;
  source: string;
  licence: string;
}
