import type { ObjectName } from '@tagmill/tag-store';
import * as v from 'valibot';
import { formatAsciiJson } from './ascii-json.ts';
import { decodeKey } from './decode-key.ts';

/** "Something happened to this object": a hint to read its current state. */
export interface ImageEvent extends ObjectName {
  /** Orders the events of one key. Backfill has none. */
  sequencer?: string;
  /** The version that this event created, in a bucket with versions. */
  versionId?: string;
  /** With `lastModified`, the object as a listing showed it. */
  etag?: string;
  lastModified?: Date;
  /** Nothing happened to the object: only what was begun is to be finished, and new rules to be applied. */
  isRevisit?: true;
}

/** What a message says. What it says beside events is counted, and acknowledged. */
export interface ParsedMessage {
  events: ImageEvent[];
  /** `s3:TestEvent`, which S3 sends when notifications are set up. */
  testEvents: number;
  /** Whatever could not be understood. */
  unknown: number;
}

/** Enough for SNS in front of SQS; more would let a message nest without end. */
const MAX_ENVELOPES = 3;

const name = v.pipe(v.string(), v.minLength(1));
const text = v.exactOptional(v.string());

const s3RecordSchema = v.object({
  eventName: v.string(),
  s3: v.object({ bucket: v.object({ name }), object: v.object({ key: name, versionId: text, sequencer: text }) }),
});
const s3MessageSchema = v.object({ Records: v.pipe(v.array(v.unknown()), v.minLength(1)) });
const testEventSchema = v.object({ Event: v.literal('s3:TestEvent') });
const snsSchema = v.object({ Type: v.literal('Notification'), Message: v.string() });
const eventBridgeSchema = v.object({
  source: v.literal('aws.s3'),
  'detail-type': v.string(),
  detail: v.object({
    bucket: v.object({ name }),
    object: v.object({ key: name, 'version-id': text, sequencer: text }),
  }),
});

/** The message that `tagmill backfill` sends: an object that was there before its events were. */
const backfillSchema = v.object({
  source: v.literal('tagmill.backfill'),
  bucket: name,
  key: name,
  etag: text,
  lastModified: v.exactOptional(v.pipe(v.string(), v.isoTimestamp(), v.toDate())),
});

/** The message that asks for an image to be looked after: see {@link ImageEvent.isRevisit}. */
const revisitSchema = v.object({ source: v.literal('tagmill.revisit'), bucket: name, key: name });

/** The message that {@link parseMessage} reads back as a revisit. */
export function formatRevisitMessage({ bucket, key }: ObjectName): string {
  return formatAsciiJson({ source: 'tagmill.revisit', bucket, key });
}

/**
 * Reads a message, as S3 sends it, or wrapped by SNS or EventBridge, or as tagmill itself sends it. Any event about an object
 * counts, of whatever kind and version. Never throws.
 *
 * @example
 * parseMessage('{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":"a+b%2B.jpg"}}}]}')
 * // { events: [{ bucket: 'b', key: 'a b+.jpg' }], testEvents: 0, unknown: 0 }
 */
export function parseMessage(body: string): ParsedMessage {
  const parsed: ParsedMessage = { events: [], testEvents: 0, unknown: 0 };
  let json = parseJson(body);
  for (let depth = 0; depth < MAX_ENVELOPES; depth++) {
    if (!v.is(snsSchema, json)) break;
    json = parseJson(json.Message);
  }
  if (v.is(s3MessageSchema, json)) {
    for (const record of json.Records) count(parsed, eventOfS3(record));
  } else if (v.is(testEventSchema, json)) {
    parsed.testEvents++;
  } else {
    count(parsed, eventOfEventBridge(json) ?? eventOfBackfill(json) ?? eventOfRevisit(json));
  }
  return parsed;
}

function count(parsed: ParsedMessage, event: ImageEvent | undefined): void {
  if (event) parsed.events.push(event);
  else parsed.unknown++;
}

function eventOfS3(json: unknown): ImageEvent | undefined {
  if (!v.is(s3RecordSchema, json)) return undefined;
  const { bucket, object } = json.s3;
  // Those of EventBridge come as they are.
  const key = decodeKey(object.key);
  if (!key) return undefined;
  const { versionId, sequencer } = object;
  // A removal names the version that went, or its delete marker.
  const created = json.eventName.replace(/^s3:/, '').startsWith('ObjectCreated:');
  return {
    bucket: bucket.name,
    key,
    ...(sequencer && { sequencer }),
    ...(created && versionId && { versionId }),
  };
}

function eventOfEventBridge(json: unknown): ImageEvent | undefined {
  if (!v.is(eventBridgeSchema, json)) return undefined;
  const { bucket, object } = json.detail;
  const { sequencer, 'version-id': versionId } = object;
  return {
    bucket: bucket.name,
    key: object.key,
    ...(sequencer && { sequencer }),
    ...(json['detail-type'] === 'Object Created' && versionId && { versionId }),
  };
}

function eventOfBackfill(json: unknown): ImageEvent | undefined {
  const { success, output } = v.safeParse(backfillSchema, json);
  if (!success) return undefined;
  const { bucket, key, etag, lastModified } = output;
  return { bucket, key, ...(etag && { etag }), ...(lastModified && { lastModified }) };
}

function eventOfRevisit(json: unknown): ImageEvent | undefined {
  return v.is(revisitSchema, json) ? { bucket: json.bucket, key: json.key, isRevisit: true } : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
