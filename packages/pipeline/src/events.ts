import type { ObjectName } from '@tagmill/tag-store';
import * as z from 'zod';
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

const name = z.string().min(1);

const s3RecordSchema = z.object({
  eventName: z.string(),
  s3: z.object({
    bucket: z.object({ name }),
    object: z.object({ key: name, versionId: z.string().optional(), sequencer: z.string().optional() }),
  }),
});
const s3MessageSchema = z.object({ Records: z.array(z.unknown()).min(1) });
const testEventSchema = z.object({ Event: z.literal('s3:TestEvent') });
const snsSchema = z.object({ Type: z.literal('Notification'), Message: z.string() });
const eventBridgeSchema = z.object({
  source: z.literal('aws.s3'),
  'detail-type': z.string(),
  detail: z.object({
    bucket: z.object({ name }),
    object: z.object({ key: name, 'version-id': z.string().optional(), sequencer: z.string().optional() }),
  }),
});

/** The message that `tagmill backfill` sends: an object that was there before its events were. */
export const backfillSchema = z.object({
  source: z.literal('tagmill.backfill'),
  bucket: name,
  key: name,
  etag: z.string().optional(),
  lastModified: z.iso
    .datetime()
    .transform((text) => new Date(text))
    .optional(),
});

/** The message that asks for an image to be looked after: see {@link ImageEvent.isRevisit}. */
const revisitSchema = z.object({ source: z.literal('tagmill.revisit'), bucket: name, key: name });

/** The message that {@link parseMessage} reads back as a revisit. */
export function revisitMessage({ bucket, key }: ObjectName): string {
  return JSON.stringify({ source: 'tagmill.revisit', bucket, key });
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
    const sns = snsSchema.safeParse(json);
    if (!sns.success) break;
    json = parseJson(sns.data.Message);
  }
  const message = s3MessageSchema.safeParse(json);
  if (message.success) {
    for (const record of message.data.Records) count(parsed, eventOfS3(record));
  } else if (testEventSchema.safeParse(json).success) {
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
  const { data } = s3RecordSchema.safeParse(json);
  // Those of EventBridge come as they are.
  const key = data && decodeKey(data.s3.object.key);
  if (!key) return undefined;
  const { versionId, sequencer } = data.s3.object;
  // A removal names the version that went, or its delete marker.
  const created = data.eventName.replace(/^s3:/, '').startsWith('ObjectCreated:');
  return {
    bucket: data.s3.bucket.name,
    key,
    ...(sequencer && { sequencer }),
    ...(created && versionId && { versionId }),
  };
}

function eventOfEventBridge(json: unknown): ImageEvent | undefined {
  const { data } = eventBridgeSchema.safeParse(json);
  if (!data) return undefined;
  const { bucket, object } = data.detail;
  const { sequencer, 'version-id': versionId } = object;
  return {
    bucket: bucket.name,
    key: object.key,
    ...(sequencer && { sequencer }),
    ...(data['detail-type'] === 'Object Created' && versionId && { versionId }),
  };
}

function eventOfBackfill(json: unknown): ImageEvent | undefined {
  const { data } = backfillSchema.safeParse(json);
  if (!data) return undefined;
  const { bucket, key, etag, lastModified } = data;
  return { bucket, key, ...(etag && { etag }), ...(lastModified && { lastModified }) };
}

function eventOfRevisit(json: unknown): ImageEvent | undefined {
  const { data } = revisitSchema.safeParse(json);
  return data && { bucket: data.bucket, key: data.key, isRevisit: true };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
