import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { type ImageRecord, type Outcome, TagmillError } from '@tagmill/core';
import { unpackContent } from '../content.ts';
import { dynamoCall } from '../errors.ts';
import { includes } from '../expression/confidences.ts';
import { parseExpression } from '../expression/expression.ts';
import { type Facts, matches, type Predicate } from '../expression/matches.ts';
import { factsOfRecord } from '../facts.ts';
import { recordKey, tagKey } from '../keys.ts';
import { rankOf } from '../postings.ts';
import type { Meter } from '../query-items.ts';
import { TagNames } from '../tag-names.ts';
import type { Page, TagStoreOptions } from '../types.ts';
import { Cursors } from './cursor.ts';
import { type Entry, measureLead, readEntries } from './entries.ts';
import { chooseLead, describeLead, type Lead } from './lead.ts';
import { lookUpNames, type Synonyms } from './look-up-names.ts';
import { type UnknownName, unknownNames } from './unknown-names.ts';

/** Most records on a page: as many keys as one BatchGetItem takes. */
export const MAX_PAGE_SIZE = 100;

/** Enough for a page of a filter that lets one in six through. */
const MAX_EXAMINED = 300;

export interface TagQueriesOptions extends TagStoreOptions {
  /** The names that each synonym, in lower case, stands for. */
  synonyms?: Synonyms;
  /** Of tags that there are, whether or not images have them. */
  names?: readonly string[];
  /** Most entries that are looked at for one page, whatever the filter: it bounds a request's time and cost. */
  maxExamined?: number;
}

export interface FindImagesOptions {
  /** All images if absent, newest first. */
  expression?: string | undefined;
  /** Only images with this outcome. */
  outcome?: Outcome | undefined;
  limit: number;
  cursor?: string | undefined;
  /** Allows a question that reads every image. */
  scan?: boolean | undefined;
}

/** How a page was found. */
export interface Plan {
  /** What was read, in its order. */
  lead: string;
  /** What could have been read, with about how many entries it has. Only on a first page, and where there was a choice. */
  considered: { lead: string; entries: number }[];
  /** Entries that were looked at. */
  examined: number;
  readUnits: number;
}

type StoredItem = { pk: string; content?: Uint8Array; outcomeSk?: string };

/** Pages of records. */
export class TagQueries {
  readonly #table: TagStoreOptions;
  readonly #names: TagNames;
  readonly #synonyms: Synonyms;
  readonly #known: readonly string[];
  readonly #cursors: Cursors;
  readonly #maxExamined: number;

  constructor({ synonyms = new Map(), names = [], maxExamined = MAX_EXAMINED, ...table }: TagQueriesOptions) {
    this.#table = table;
    this.#names = new TagNames(table);
    this.#synonyms = synonyms;
    this.#known = [...names.map(tagKey), ...synonyms.keys()];
    this.#cursors = new Cursors(table);
    this.#maxExamined = maxExamined;
  }

  /**
   * A page of the images that an expression describes, in the order of what leads to them: a tag's images most confident
   * first, else newest first; ties in a fixed order. Images that nobody writes to meanwhile come exactly once, page after page.
   *
   * @returns at most `limit` records. Fewer, even none, are no sign of the end: only a missing cursor is. On a first page also
   * the names that no tag has, if there are any.
   * @throws {TagmillError} `invalid-argument` if the expression, the limit or the cursor makes no sense, or if every image
   * would have to be read and that isn't allowed.
   *
   * @example
   * await queries.find({ expression: 'dog and not cat and confidence>0.5', limit: 50 })
   */
  async find({
    expression: text,
    outcome,
    limit,
    cursor,
    scan = false,
  }: FindImagesOptions): Promise<Page & { unknownNames?: UnknownName[]; plan: Plan }> {
    if (!(Number.isInteger(limit) && limit >= 1 && limit <= MAX_PAGE_SIZE)) {
      throw new TagmillError('invalid-argument', `limit must be an integer from 1 to ${MAX_PAGE_SIZE}, not ${limit}`);
    }
    const meter: Meter = { readUnits: 0 };
    const expression = text === undefined ? undefined : parseExpression(text);
    const question = JSON.stringify({ expression, outcome });
    const position = cursor === undefined ? undefined : await this.#cursors.open(question, cursor);

    const asked = expression === undefined ? [] : [await lookUpNames(expression, this.#names, this.#synonyms, meter)];
    const predicate: Predicate = {
      kind: 'and',
      terms: [...asked, ...(outcome ? [{ kind: 'outcome', outcome } as const] : [])],
    };
    const considered: Plan['considered'] = [];
    const measure = async (lead: Lead) => {
      const entries = await measureLead(lead, { table: this.#table, meter });
      considered.push({ lead: describeLead(lead), entries });
      return entries;
    };
    const isListing = predicate.terms.length === 0;
    const lead = position?.lead ?? (await chooseLead(predicate, { measure, scan: scan || isListing }));

    const isFirstPage = position === undefined;
    const [{ records, last, examined }, unknown] = await Promise.all([
      this.#page(predicate, lead, { limit, after: position?.after, meter }),
      expression && isFirstPage ? unknownNames(expression, { known: this.#known, tagNames: this.#names, meter }) : [],
    ]);
    return {
      records,
      ...(unknown.length > 0 && { unknownNames: unknown }),
      ...(last !== undefined && { cursor: await this.#cursors.seal(question, { lead, after: last }) }),
      plan: { lead: describeLead(lead), considered, examined, readUnits: meter.readUnits },
    };
  }

  /** @returns `last`, the position to go on after, if there is more to look at. */
  async #page(
    predicate: Predicate,
    lead: Lead,
    { limit, after, meter }: { limit: number; after: string | undefined; meter: Meter },
  ): Promise<{ records: ImageRecord[]; last?: string | undefined; examined: number }> {
    const wanted = isSelective(predicate, lead) ? this.#maxExamined : limit;
    const entries = readEntries(lead, { table: this.#table, after, wanted, meter });
    const records: ImageRecord[] = [];
    let examined = 0;
    let last = after;
    while (true) {
      const candidates: Entry[] = [];
      let isOver = false;
      while (candidates.length < limit - records.length && examined < this.#maxExamined) {
        const { done, value: entry } = await entries.next();
        isOver = done === true;
        if (done) break;
        examined++;
        last = entry.position;
        if (isAnswer(predicate, lead, entry, entry.facts)) candidates.push(entry);
      }
      const items = await this.#items(candidates, meter);
      for (const entry of candidates) {
        const { content, outcomeSk } = items.get(recordKey(entry.id).pk) ?? {};
        if (!content) continue;
        // The index follows the table with a delay, and a posting may be a crashed worker's: the record decides.
        const isCurrent = lead.by === 'tags' || outcomeSk === entry.position;
        if (!isCurrent) continue;
        const { record, live } = unpackContent(content);
        if (isAnswer(predicate, lead, entry, factsOfRecord(record, live))) records.push(record);
      }
      if (isOver) return { records, examined };
      if (records.length === limit || examined >= this.#maxExamined) {
        const { done } = await entries.next();
        return { records, examined, last: done ? undefined : last };
      }
    }
  }

  async #items(entries: readonly Entry[], meter: Meter): Promise<Map<string, StoredItem>> {
    const { client, tableName } = this.#table;
    const found = new Map<string, StoredItem>();
    let keys: Record<string, unknown>[] = entries.map(({ id }) => ({ ...recordKey(id) }));
    while (keys.length > 0) {
      const RequestItems = { [tableName]: { Keys: keys, ProjectionExpression: 'pk, content, outcomeSk' } };
      const command = new BatchGetCommand({ RequestItems, ReturnConsumedCapacity: 'TOTAL' });
      const { Responses, UnprocessedKeys, ConsumedCapacity = [] } = await dynamoCall(() => client.send(command));
      for (const item of (Responses?.[tableName] ?? []) as StoredItem[]) found.set(item.pk, item);
      for (const { CapacityUnits = 0 } of ConsumedCapacity) meter.readUnits += CapacityUnits;
      keys = UnprocessedKeys?.[tableName]?.Keys ?? [];
    }
    return found;
  }
}

/**
 * Whether many of a lead's entries may be no answers, as far as an expression tells: another name, a time, a variant let few
 * images through, but most are without what a `not` excludes.
 */
function isSelective(predicate: Predicate, { by }: Lead): boolean {
  const others = conjuncts(predicate).filter(
    (term) => !['not', 'outcome'].includes(term.kind) && !(by === 'outcomes' && isTimeTagged(term)),
  );
  return others.length > (by === 'tags' ? 1 : 0);
}

function conjuncts(predicate: Predicate): Predicate[] {
  return predicate.kind === 'and' ? predicate.terms.flatMap(conjuncts) : [predicate];
}

function isTimeTagged(predicate: Predicate): boolean {
  return predicate.kind === 'time' && predicate.field === 'tagged';
}

/** Whether an entry is the first of an image, and the image is what is asked for. */
function isAnswer(predicate: Predicate, lead: Lead, entry: Entry, facts: Facts): boolean {
  return (lead.by === 'outcomes' || isFirst(lead.lists, entry, facts)) && matches(predicate, facts);
}

/** An image may be on several of a lead's lists: it is answered where it comes first. */
function isFirst(
  lists: Extract<Lead, { by: 'tags' }>['lists'],
  { id, list, position }: Entry,
  { names }: Facts,
): boolean {
  const confidences = lists.map(({ tag, confidences }) => {
    const confidence = names.get(tag);
    return confidence !== undefined && includes(confidences, confidence) ? confidence : -1;
  });
  const highest = Math.max(...confidences);
  return confidences.indexOf(highest) === list && position === `${rankOf(highest)}#${id}`;
}
