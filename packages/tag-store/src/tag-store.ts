import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { ImageRecord, ImageScores } from '@tagmill/core';
import { packContent } from './content.ts';
import { type Corrections, correctedRecord, correctedTags, isKept } from './corrections.ts';
import { dynamoCall } from './errors.ts';
import { factsToStore, storedFacts, type TaggedImage } from './facts.ts';
import { imageId, type ObjectName, outcomePartition, recordKey, shardOf } from './keys.ts';
import { type Posting, postingKey, postingsOf, tagOf } from './postings.ts';
import { laterSequencer } from './sequencer.ts';
import { stateOf } from './state.ts';
import { TagNames } from './tag-names.ts';
import type { Claim, ImageState, TagStoreOptions } from './types.ts';

/**
 * Seconds that a removed image and a dead posting are remembered: longer than any worker can sleep between its claim and
 * its last write. A function runs 15 minutes at most.
 */
export const TOMBSTONE_SECONDS = 24 * 60 * 60;

export interface ClaimOptions {
  /** Of the event that led here. */
  sequencer?: string;
  /** What the record will be found by, unless people's corrections say otherwise. */
  tagging: TaggedImage;
  /** In place of those that there are. */
  corrections?: Corrections;
  /** Now. */
  at: Date;
}

export interface CommitOptions {
  /** As the model has it; absent if the object is gone. */
  record?: ImageRecord;
  scores?: ImageScores | undefined;
  /** Version of the rules that named its tags. */
  rules?: string | undefined;
  /** When the tagged version was written to S3. */
  lastModified?: Date;
  /** Now. */
  at: Date;
}

/**
 * Writes of one image, in the order read, claim, putPostings, commit: docs/decisions/exactly-once.md says why every crash,
 * duplicate and reordering then ends in the same table. The caller reads the object from S3 after `read` and before `claim`.
 * Each write throws {@link TagmillError} `conflict` if another worker came between: start over from `read`.
 */
export class TagStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #tableName: string;
  readonly #names: TagNames;

  constructor(options: TagStoreOptions) {
    this.#client = options.client;
    this.#tableName = options.tableName;
    this.#names = new TagNames(options);
  }

  /** What the table knows of an image, read consistently. */
  async read({ bucket, key }: ObjectName): Promise<ImageState> {
    const name = { bucket, key };
    const id = imageId(name);
    const command = new GetCommand({ TableName: this.#tableName, Key: recordKey(id), ConsistentRead: true });
    const { Item: item } = await dynamoCall(() => this.#client.send(command));
    if (!item) return { name, id, revision: 0, status: 'absent', live: [], uncertain: [] };
    return stateOf(name, item);
  }

  /** The record of an image, if it has one. */
  async readRecord(name: ObjectName): Promise<ImageRecord | undefined> {
    return (await this.read(name)).record;
  }

  /**
   * Takes the right to write an image, and notes every posting that may be written under it. Where there is none, old or
   * new, nothing is written: the commit claims and commits at once.
   */
  async claim(
    seen: ImageState,
    { sequencer, tagging, corrections = seen.corrections, at }: ClaimOptions,
  ): Promise<Claim> {
    const revision = nextRevision(seen, at);
    const shown = { ...tagging, ...correctedTags(tagging, tagging.image, corrections) };
    const live = postingsOf(seen.id, shown);
    const uncertain = [...new Set([...seen.uncertain, ...seen.live, ...live])];
    const later = laterSequencer(seen.sequencer, sequencer);
    const claim = {
      id: seen.id,
      revision,
      ...(later === undefined ? {} : { sequencer: later }),
      live,
      facts: factsToStore(live, shown, at),
      stale: uncertain.filter((posting) => !live.includes(posting)),
      ...(corrections && { corrections }),
    };
    if (uncertain.length === 0) return { ...claim, expected: seen };
    await this.#update(
      seen,
      'SET rev = :rev, #state = :pending, sequencer = :sequencer, uncertain = :uncertain REMOVE expiresAt',
      {
        ':rev': revision,
        ':pending': 'pending',
        ':sequencer': later ?? null,
        ':uncertain': uncertain,
      },
    );
    return { ...claim, expected: { revision, status: 'pending' } };
  }

  /** Puts the claim's live postings, and a tombstone for each stale one. */
  async putPostings({ id, revision, live, facts, stale }: Claim, at: Date): Promise<void> {
    await this.#names.list(live.map(tagOf));
    const put = (posting: Posting, more: object) =>
      dynamoCall(() =>
        this.#client.send(
          new PutCommand({
            TableName: this.#tableName,
            Item: { ...postingKey(id, posting), rev: revision, ...more },
            ConditionExpression: 'attribute_not_exists(pk) OR rev <= :rev',
            ExpressionAttributeValues: { ':rev': revision },
          }),
        ),
      );
    const tombstone = { dead: true, expiresAt: expiry(at) };
    await Promise.all([
      ...live.map((posting) => put(posting, { facts })),
      ...stale.map((posting) => put(posting, tombstone)),
    ]);
  }

  /**
   * Makes the claim's record, or the image's removal, what readers see.
   *
   * @returns the record, with people's corrections.
   */
  async commit(claim: Claim, options: CommitOptions): Promise<ImageRecord | undefined> {
    const { id, revision, sequencer, live, expected, corrections } = claim;
    const { record: own, scores, rules, lastModified, at } = options;
    const record = own && correctedRecord(own, corrections);
    const item = {
      ...recordKey(id),
      rev: revision,
      state: 'done',
      sequencer,
      ...(record
        ? {
            content: packContent({
              record,
              ...(record !== own && { own: { tags: own!.tags, broader: own!.broader } }),
              ...(corrections && isKept(corrections, record) && { corrections }),
              ...(scores && { scores }),
              live,
              ...(lastModified && { lastModified: lastModified.toISOString() }),
            }),
            rulesVersion: rules,
            ...indexEntry(id, record, live),
          }
        : { expiresAt: expiry(at) }),
    };
    const command = new PutCommand({ TableName: this.#tableName, Item: item, ...condition(expected) });
    await dynamoCall(() => this.#client.send(command));
    return record;
  }

  /**
   * Notes that a later event found the image as it is recorded. It bumps the revision, so that a worker that saw an older
   * object can no longer claim.
   *
   * @param options.rules the version of those that name its tags as they are.
   */
  async confirm(
    seen: ImageState,
    { sequencer, rules = seen.rules, at }: Pick<ClaimOptions, 'sequencer' | 'at'> & { rules?: string },
  ): Promise<void> {
    await this.#update(seen, 'SET rev = :rev, sequencer = :sequencer, rulesVersion = :rules', {
      ':rev': nextRevision(seen, at),
      ':sequencer': laterSequencer(seen.sequencer, sequencer) ?? null,
      ':rules': rules ?? null,
    });
  }

  async #update(seen: ImageState, expression: string, values: Record<string, unknown>): Promise<void> {
    const { ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues } = condition(seen);
    const command = new UpdateCommand({
      TableName: this.#tableName,
      Key: recordKey(seen.id),
      UpdateExpression: expression,
      ConditionExpression,
      ExpressionAttributeNames: { '#state': 'state', ...ExpressionAttributeNames },
      ExpressionAttributeValues: { ...values, ...ExpressionAttributeValues },
    });
    await dynamoCall(() => this.#client.send(command));
  }
}

/** By the clock, so that it exceeds whatever was written before an expired tombstone; never less than one more. */
function nextRevision({ revision }: ImageState, at: Date): number {
  return Math.max(revision + 1, at.getTime());
}

/** The status too: a revision stays the same from a claim to its commit. */
function condition({ revision, status }: Claim['expected']) {
  if (status === 'absent') return { ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    ConditionExpression: 'rev = :expectedRev AND #state = :expectedState',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':expectedRev': revision, ':expectedState': status },
  };
}

/** Newest first is by time; the image breaks ties. */
function indexEntry(id: string, record: ImageRecord, live: readonly Posting[]) {
  const { outcome, taggedAt, model, timings, budget } = record;
  return {
    outcomePk: outcomePartition(outcome, shardOf(id)),
    outcomeSk: `${taggedAt}#${id}`,
    facts: storedFacts(live, record),
    variant: model?.variant,
    totalMs: timings?.totalMs,
    budgetMet: budget?.met,
  };
}

function expiry(at: Date): number {
  return Math.ceil(at.getTime() / 1000) + TOMBSTONE_SECONDS;
}
