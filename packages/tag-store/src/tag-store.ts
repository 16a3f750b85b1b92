import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type Fingerprint, type ImageRecord, type ImageScores, TagmillError } from '@tagmill/core';
import { packContent } from './content.ts';
import { type Corrections, correctRecord, isKept } from './corrections.ts';
import { dynamoCall } from './errors.ts';
import { formatEntryFacts, formatFacts } from './facts.ts';
import { chooseShard, imageId, type ObjectName, outcomePartition, recordKey } from './keys.ts';
import { listNames, makePostings, type Posting, postingKey } from './postings.ts';
import { readStates } from './recorded-images.ts';
import { laterSequencer } from './sequencer.ts';
import { assertReadable, makeAbsentState, NO_REVISION, readState, readUnreadable } from './state.ts';
import { TagNames } from './tag-names.ts';
import type { ImageState, TagStoreOptions } from './types.ts';
import { findUnindexed } from './unindexed.ts';

/**
 * Seconds that a removed image and a dead posting are remembered: longer than any worker can sleep between its first
 * write and its last. A function runs 15 minutes at most.
 */
export const TOMBSTONE_SECONDS = 24 * 60 * 60;

export interface WriteOptions {
  /** Of the event that led here. */
  sequencer?: string | undefined;
  /** As the model has it; absent if the object is gone. */
  record?: ImageRecord | undefined;
  scores?: ImageScores | undefined;
  fingerprint?: Fingerprint | undefined;
  /** Version of the rules that named its tags. */
  rules?: string | undefined;
  /** What people say of it, in place of what there is. */
  corrections?: Corrections | undefined;
  /** When the tagged version was written to S3. */
  lastModified?: Date | undefined;
  /** Now. */
  at: Date;
}

/**
 * Writes of one image: docs/decisions/06-exactly-once.md says why every crash, duplicate and reordering ends in the same table. The
 * caller reads the object from S3 after `read` and before `write`. Each write throws {@link TagmillError} `conflict` if another
 * worker came between: start over from `read`.
 */
export class TagStore {
  readonly #options: TagStoreOptions;
  readonly #client: DynamoDBDocumentClient;
  readonly #tableName: string;
  readonly #names: TagNames;

  constructor(options: TagStoreOptions) {
    this.#options = options;
    this.#client = options.client;
    this.#tableName = options.tableName;
    this.#names = new TagNames(options);
  }

  /** What the table knows of an image, read consistently. */
  async read({ bucket, key }: ObjectName): Promise<ImageState> {
    const name = { bucket, key };
    const command = new GetCommand({
      TableName: this.#tableName,
      Key: recordKey(imageId(name)),
      ConsistentRead: true,
    });
    const { Item: item } = await dynamoCall(() => this.#client.send(command));
    return item ? readState(name, item) : makeAbsentState(name);
  }

  /** The same of several images, each once, in their order: one request for a hundred. */
  async readAll(names: readonly ObjectName[]): Promise<ImageState[]> {
    return readStates(this.#options, names, { isConsistent: true });
  }

  /**
   * The record of an image, if it has one.
   *
   * @throws {TagmillError} `unreadable` if it can't be read.
   */
  async readRecord(name: ObjectName): Promise<ImageRecord | undefined> {
    return assertReadable(await this.read(name)).record;
  }

  /**
   * Makes a record, or the image's removal, what readers see; then has the image found by its postings, and by no older ones.
   *
   * @returns the record, with people's corrections.
   */
  async write(seen: Omit<ImageState, 'name'>, options: WriteOptions): Promise<ImageRecord | undefined> {
    const { record: own, scores, fingerprint, rules, corrections = seen.corrections, lastModified, at } = options;
    const corrected = own && correctRecord(own, corrections);
    const record = corrected && renewTime(corrected, seen.record, at);
    const live = record ? makePostings(record) : [];
    const stale = [...new Set([...seen.stale, ...seen.live])].filter((posting) => !live.includes(posting));
    const written = { id: seen.id, revision: nextRevision(seen, at), record, live, stale };
    const isIndexed = live.length + stale.length === 0;
    const item = {
      ...recordKey(seen.id),
      rev: written.revision,
      state: isIndexed ? 'indexed' : 'written',
      sequencer: laterSequencer(seen.sequencer, options.sequencer),
      ...(stale.length > 0 && { stale }),
      ...(record
        ? {
            content: packContent({
              record,
              ...(corrected !== own && { own: { tags: own!.tags, broader: own!.broader } }),
              ...(scores && { scores }),
              ...(fingerprint && { fingerprint: withoutEmbedding(fingerprint) }),
              live,
              ...(lastModified && { lastModified: lastModified.toISOString() }),
            }),
            ...(corrections && isKept(corrections, record) && { corrections: JSON.stringify(corrections) }),
            rulesVersion: rules,
            ...indexEntry(seen.id, record, fingerprint),
          }
        : isIndexed && { expiresAt: expiry(at) }),
    };
    const condition =
      seen.status === 'absent' ? { ConditionExpression: 'attribute_not_exists(pk)' } : unchangedSince(seen.revision);
    const command = new PutCommand({ TableName: this.#tableName, Item: item, ...condition });
    await dynamoCall(() => this.#client.send(command));
    if (!isIndexed) await this.#index(written, at);
    return record;
  }

  /**
   * Removes an image of which nothing is known but a record that can't be read. Who calls this has looked for its object and found none.
   *
   * @returns whether it was removed: not if it can be read now, or somebody else was writing it.
   */
  async removeUnreadable(id: string, at: Date): Promise<boolean> {
    const command = new GetCommand({ TableName: this.#tableName, Key: recordKey(id), ConsistentRead: true });
    const { Item: item } = await dynamoCall(() => this.#client.send(command));
    const seen = item && readUnreadable(id, item);
    if (!seen) return false;
    try {
      await this.write(seen, { at });
      return true;
    } catch (error) {
      if (error instanceof TagmillError && error.code === 'conflict') return false;
      throw error;
    }
  }

  /** Finishes what whoever wrote the image may have left: postings that are missing, and old ones. */
  async finish(seen: ImageState, at: Date): Promise<void> {
    if ((await findUnindexed(this.#options, [seen])).has(seen)) await this.#index(seen, at);
  }

  /**
   * Notes that a later event found the image as it is recorded. It bumps the revision, so that a worker that saw an older
   * object can no longer write.
   *
   * @param options.rules the version of those that name its tags as they are.
   */
  async confirm(
    seen: ImageState,
    { sequencer, rules = seen.rules, at }: Pick<WriteOptions, 'sequencer' | 'rules' | 'at'>,
  ): Promise<void> {
    // Postings tell by their revision whether they are this record's, so they come first.
    await this.finish(seen, at);
    await this.#update(seen, 'SET rev = :rev, #state = :indexed, sequencer = :sequencer, rulesVersion = :rules', {
      ':rev': nextRevision(seen, at),
      ':indexed': 'indexed',
      ':sequencer': laterSequencer(seen.sequencer, sequencer) ?? null,
      ':rules': rules ?? null,
    });
  }

  /** Puts the live postings, and a tombstone for each stale one, of which the image's item then need know no more. */
  async #index(written: Written, at: Date): Promise<void> {
    const { id, revision, record, live, stale } = written;
    if (record) await this.#names.list(listNames(record));
    const put = (posting: Posting, more: object) =>
      dynamoCall(() =>
        this.#client.send(
          new PutCommand({
            TableName: this.#tableName,
            Item: { ...postingKey(id, posting), rev: revision, ...more },
            // Of what is damaged, too, which has no revision to compare.
            ConditionExpression: 'NOT rev > :rev',
            ExpressionAttributeValues: { ':rev': revision },
          }),
        ),
      );
    const facts = record && formatFacts(record);
    const tombstone = { dead: true, expiresAt: expiry(at) };
    await Promise.all([
      ...live.map((posting) => put(posting, { facts })),
      ...stale.map((posting) => put(posting, tombstone)),
    ]);
    if (stale.length === 0) return;
    const expires = record ? '' : ', expiresAt = :expiry';
    await this.#update(written, `SET #state = :indexed${expires} REMOVE stale`, {
      ':indexed': 'indexed',
      ...(!record && { ':expiry': expiry(at) }),
    });
  }

  async #update(
    { id, revision }: Pick<ImageState, 'id' | 'revision'>,
    UpdateExpression: string,
    values: Record<string, unknown>,
  ): Promise<void> {
    const { ConditionExpression, ExpressionAttributeValues } = unchangedSince(revision);
    const command = new UpdateCommand({
      TableName: this.#tableName,
      Key: recordKey(id),
      UpdateExpression,
      ConditionExpression,
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ...values, ...ExpressionAttributeValues },
    });
    await dynamoCall(() => this.#client.send(command));
  }
}

type Written = Pick<ImageState, 'id' | 'revision' | 'live' | 'stale'> & { record?: ImageRecord | undefined };

/** By the clock, so that it exceeds whatever was written before an expired tombstone; never less than one more. */
function nextRevision({ revision }: Pick<ImageState, 'revision'>, at: Date): number {
  return Math.max(revision + 1, at.getTime());
}

function unchangedSince(revision: number) {
  if (revision === NO_REVISION) {
    return {
      ConditionExpression: 'attribute_exists(pk) AND NOT attribute_type(rev, :number)',
      ExpressionAttributeValues: { ':number': 'N' },
    };
  }
  return { ConditionExpression: 'rev = :expected', ExpressionAttributeValues: { ':expected': revision } };
}

/**
 * New rules and people's corrections keep the time of tagging, unless they change the outcome. The image then enters another partition
 * of the index. It must come as a new entry there: readers remember what older entries say (docs/decisions/30-zone-map.md).
 */
function renewTime(record: ImageRecord, before: ImageRecord | undefined, at: Date): ImageRecord {
  const isMoved = before && before.outcome !== record.outcome && before.taggedAt === record.taggedAt;
  return isMoved ? { ...record, taggedAt: at.toISOString() } : record;
}

/** Newest first is by time; the image breaks ties. */
function indexEntry(id: string, record: ImageRecord, fingerprint: Fingerprint | undefined) {
  const { outcome, taggedAt, model, timings, budget } = record;
  return {
    outcomePk: outcomePartition(outcome, chooseShard(id)),
    outcomeSk: `${taggedAt}#${id}`,
    facts: formatEntryFacts(record, fingerprint),
    variant: model?.variant,
    totalMs: timings?.totalMs,
    budgetMet: budget?.met,
  };
}

/** It stands beside the content, where the index can have it. */
function withoutEmbedding({ embedding: _, ...fingerprint }: Fingerprint): Fingerprint {
  return fingerprint;
}

function expiry(at: Date): number {
  return Math.ceil(at.getTime() / 1000) + TOMBSTONE_SECONDS;
}
