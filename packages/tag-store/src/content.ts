import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type ImageRecord, type ImageScores, TagmillError } from '@tagmill/core';
import type { Corrections, OwnTags } from './corrections.ts';
import { OUTCOMES } from './expression/expression.ts';
import type { Posting } from './postings.ts';

/** What an image's item says beside what conditions and indexes look at. */
export interface Content {
  record: ImageRecord;
  /** The model's tags, where people's corrections make the record's others. */
  own?: OwnTags;
  corrections?: Corrections;
  scores?: ImageScores;
  /** Postings of the record. */
  live: Posting[];
  /** ISO 8601: when the tagged version was written to S3. */
  lastModified?: string;
}

/**
 * What most contents have in common, so that only what is an image's own takes room. It can't be changed: what was written
 * with it is read with no other.
 */
const DICTIONARY = Buffer.from(
  [
    '{"sha256":"","added":[{"name":"","parents":[]}],"removed":[{"name":"","label":""}]},"own":{"tags":[],"broader":[]},',
    '"outcome":"rejected","reason":"corrupt","message":"The image cannot be decoded: ","outcome":"failed","outcome":"empty","tags":[],"broader":[],',
    '"family":"imagenet","precision":"int8","format":"png","format":"webp","parents":["food"]},"parents":["vehicle"]},',
    '"parents":["mammal","wildlife","animal"]},"parents":["dog","pet","animal"]},"parents":["insect","bug","animal"]},"parents":["structure"]},',
    '{"record":{"schemaVersion":1,"image":{"bucket":"tagmill-uploads-","key":".jpg","versionId":"","etag":"","sha256":"","bytes":,"width":,"height":',
    ',"format":"jpeg","takenAt":"2026-"},"outcome":"tagged","tags":[{"name":"","confidence":0.,"parents":["","animal"]},{"name":"',
    '"}],"broader":[{"name":"animal","confidence":0.},{"name":"","confidence":1}],"model":{"variant":"everyday/0.75-128-int8","family":"everyday",',
    '"alpha":0.75,"resolution":128,"precision":"float32","sha256":""},"timings":{"queueMs":,"fetchMs":,"decodeMs":,"inferMs":,"storeMs":,"totalMs":},',
    '"budget":{"latencyMs":500,"met":true,"reason":"most-accurate","predictedMs":,"extrapolated":true},"taggedAt":"2026-"},"live":["0#1#","0#2#","0#3#"],',
    '"lastModified":"2026-","scores":{"labelSet":"everyday","topN":5,"minConfidence":0.1,"minBroaderConfidence":0.3}}',
  ].join(''),
);

/** Between the JSON, which never has it, and the scores. */
const END_OF_TEXT = Buffer.of(0);

/**
 * An image's content as the table keeps it: JSON and the scores' bytes, deflated to a third of what DynamoDB's own maps take, so that
 * most items are written for one unit. Some 0.05 ms, and 0.03 to unpack.
 */
export function packContent({ scores, ...rest }: Content): Uint8Array {
  const { bytes, ...about } = scores ?? {};
  const text = JSON.stringify({ ...rest, ...(scores && { scores: about }) });
  const whole = Buffer.concat([Buffer.from(text), END_OF_TEXT, bytes ?? Buffer.of()]);
  return deflateRawSync(whole, { level: 9, dictionary: DICTIONARY });
}

/**
 * The inverse of {@link packContent}.
 *
 * @throws {TagmillError} `unreadable` if it is no content: damaged, or written by a version of tagmill that this one can't read.
 */
export function unpackContent(packed: Uint8Array): Content {
  try {
    const whole = inflateRawSync(packed, { dictionary: DICTIONARY });
    const end = whole.indexOf(0);
    const { scores, ...rest } = JSON.parse(whole.toString('utf8', 0, end));
    if (!isContent(rest)) throw new Error('it holds no record');
    return { ...rest, ...(scores && { scores: { ...scores, bytes: Uint8Array.from(whole.subarray(end + 1)) } }) };
  } catch (cause) {
    throw new TagmillError('unreadable', (cause as Error).message, { cause });
  }
}

/** Whether it has the parts that readers lean on. */
function isContent({ record, live }: Partial<Content>): boolean {
  const { image, outcome, tags, broader, taggedAt } = record ?? {};
  const isNamed = image !== undefined && 'key' in image && isText(image.bucket) && isText(image.key);
  const isTagged = isListOf(tags, ({ name, parents }) => isText(name) && isListOf(parents, isText));
  return (
    isNamed &&
    isTagged &&
    isListOf(broader, ({ name }) => isText(name)) &&
    OUTCOMES.some((known) => known === outcome) &&
    isText(taggedAt) &&
    isListOf(live, isText)
  );
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isListOf<T>(value: readonly T[] | undefined, isItem: (item: T) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}
