import { type ImageRecord, type Outcome, TagmillError } from '@tagmill/core';
import { unpackContent } from '../content.ts';
import { includes } from '../expression/confidences.ts';
import { type Expression, parseExpression } from '../expression/expression.ts';
import { asksKey, type Facts, matches, type Predicate } from '../expression/matches.ts';
import { parseSyntax } from '../expression/syntax.ts';
import { completeFingerprint, deriveFacts, type StoredFacts } from '../facts.ts';
import { getItems, textOf } from '../get-items.ts';
import { type ItemKey, recordKey, tagKey } from '../keys.ts';
import { formatRank } from '../postings.ts';
import type { Meter } from '../query-items.ts';
import { TagNames } from '../tag-names.ts';
import type { Content, Page, TagStoreOptions, UnreadableItem } from '../types.ts';
import { type AccessPath, chooseAccessPaths, describeAccessPath, isEverything } from './access-path.ts';
import { checkVariants } from './check-variants.ts';
import { Cursors } from './cursor.ts';
import { type Entry, measureAccessPath, partitionsOf, readEntries } from './entries.ts';
import { knownNamesIn } from './known-names.ts';
import { lookUpNames, type Synonyms } from './look-up-names.ts';
import { findUnknownNames, type UnknownName } from './unknown-names.ts';
import { isPlaced, type Stretch, ZoneMap } from './zone-map.ts';

/** Most records on a page: as many keys as one BatchGetItem takes. */
export const MAX_PAGE_SIZE = 100;

/** Enough for a page of a filter that lets one in six through. */
const MAX_EXAMINED = 300;

/** Times as many where the whole index is looked through, where nothing else is read of most images. */
const EXAMINED_OF_EVERYTHING = 10;

export interface TagQueriesOptions extends TagStoreOptions {
  /** The names that each synonym, in lower case, stands for. */
  synonyms?: Synonyms;
  /** Of tags that there are, whether or not images have them. */
  names?: readonly string[];
  /** That images may be tagged with; an expression may name no others. Unchecked if absent. */
  variants?: readonly string[] | undefined;
  /** Most entries that are looked at for one page, whatever the filter: it bounds a request's time and cost. */
  maxExamined?: number;
  /** Where names and dates are, as far as it is known; one of its own if absent. */
  zones?: ZoneMap;
}

export interface FindImagesOptions {
  /** All images if absent, newest first. */
  expression?: string | undefined;
  /** Only images with this outcome. */
  outcome?: Outcome | undefined;
  limit: number;
  cursor?: string | undefined;
  /** Whether records have their fingerprints. */
  fingerprint?: boolean;
}

/** How a page was found. */
export interface Plan {
  /** What was read, in its order. */
  accessPath: string;
  /** What could have been read, with about how many entries it has. Only on a first page, and where there was a choice. */
  considered: { accessPath: string; entries: number }[];
  /** Entries that were looked at. */
  examined: number;
  readUnits: number;
}

type StoredItem = ItemKey & { content?: Uint8Array; outcomeSk?: string; facts?: StoredFacts };

interface PageOptions {
  limit: number;
  after: string | undefined;
  meter: Meter;
  fingerprint: boolean;
  /** The access path that could be tried in place of this one. */
  next?: AccessPath;
}

interface FoundPage {
  records: ImageRecord[];
  unreadable: UnreadableItem[];
  /** The position to go on after, if there is more to look at. */
  last?: string | undefined;
  examined: number;
  /** Of these, how many the next access path leads to as well. */
  shared: number;
}

/** Pages of records. */
export class TagQueries {
  readonly #table: TagStoreOptions;
  readonly #names: TagNames;
  readonly #synonyms: Synonyms;
  readonly #known: readonly string[];
  readonly #variants: readonly string[] | undefined;
  readonly #cursors: Cursors;
  readonly #maxExamined: number;
  readonly #zones: ZoneMap;

  constructor(options: TagQueriesOptions) {
    const { synonyms = new Map(), names = [], variants, maxExamined = MAX_EXAMINED, zones, ...table } = options;
    this.#table = table;
    this.#names = new TagNames(table);
    this.#synonyms = synonyms;
    this.#known = [...names.map(tagKey), ...synonyms.keys()];
    this.#variants = variants;
    this.#cursors = new Cursors(table);
    this.#maxExamined = maxExamined;
    this.#zones = zones ?? new ZoneMap(table);
  }

  /**
   * A page of the images that an expression describes, in the order of what leads to them: a tag's images most confident
   * first, else newest first; ties in a fixed order. Images that nobody writes to meanwhile come exactly once, page after page.
   *
   * @returns at most `limit` records. Fewer, even none, are no sign of the end: only a missing cursor is. On a first page also
   * the names that no tag has, if there are any.
   * @throws {TagmillError} `invalid-argument` if the expression, the limit or the cursor makes no sense, or if no variant fits.
   *
   * @example
   * await queries.find({ expression: 'dog and not cat and confidence>0.5', limit: 50 })
   */
  async find({
    expression: text,
    outcome,
    limit,
    cursor,
    fingerprint = false,
  }: FindImagesOptions): Promise<Page & { unknownNames?: UnknownName[]; plan: Plan }> {
    if (!(Number.isInteger(limit) && limit >= 1 && limit <= MAX_PAGE_SIZE)) {
      throw new TagmillError('invalid-argument', `limit must be an integer from 1 to ${MAX_PAGE_SIZE}, not ${limit}`);
    }
    const meter: Meter = { readUnits: 0 };
    const expression = text === undefined ? undefined : await this.#understand(text, meter);
    // As it is written: what its words mean may change between two pages.
    const question = JSON.stringify({ syntax: text === undefined ? undefined : parseSyntax(text), outcome });
    const position = cursor === undefined ? undefined : await this.#cursors.open(question, cursor);

    const isFirstPage = position === undefined;
    if (isFirstPage && expression && this.#variants) {
      await checkVariants(expression, { known: this.#variants, table: this.#table });
    }
    const lookUp = { tagNames: this.#names, synonyms: this.#synonyms, meter };
    const asked = expression === undefined ? [] : [await lookUpNames(expression, lookUp)];
    const predicate: Predicate = {
      kind: 'and',
      terms: [...asked, ...(outcome ? [{ kind: 'outcome', outcome } as const] : [])],
    };
    const considered: Plan['considered'] = [];
    const measure = async (path: AccessPath) => {
      const entries = await measureAccessPath(path, { table: this.#table, meter });
      considered.push({ accessPath: describeAccessPath(path), entries });
      return entries;
    };
    const paths = position ? [position.path] : await chooseAccessPaths(predicate, { measure });
    const page = await this.#firstGood(predicate, paths, { limit, after: position?.after, meter, fingerprint });
    const { path, records, unreadable, last, examined } = page;
    const unknown = expression && isFirstPage ? findUnknownNames(expression, this.#known) : [];
    return {
      records,
      ...(unreadable.length > 0 && { unreadable }),
      ...(unknown.length > 0 && { unknownNames: unknown }),
      ...(last !== undefined && { cursor: await this.#cursors.seal(question, { path, after: last }) }),
      plan: { accessPath: describeAccessPath(path), considered, examined, readUnits: meter.readUnits },
    };
  }

  async #understand(text: string, meter: Meter): Promise<Expression> {
    return parseExpression(text, await knownNamesIn(text, { known: this.#known, tagNames: this.#names, meter }));
  }

  /** The page of the first access path that fills it, or that looks at few images in vain that the next would have passed over. */
  async #firstGood(
    predicate: Predicate,
    paths: readonly AccessPath[],
    options: PageOptions,
  ): Promise<FoundPage & { path: AccessPath }> {
    const [path, next] = paths as [AccessPath, AccessPath?];
    const page = await this.#page(predicate, path, { ...options, ...(next && { next }) });
    const isGood = page.last === undefined || page.records.length === options.limit || page.shared > page.examined / 6;
    if (isGood || !next) return { ...page, path };
    return { ...(await this.#page(predicate, next, options)), path: next };
  }

  async #page(predicate: Predicate, path: AccessPath, options: PageOptions): Promise<FoundPage> {
    const { limit, after, meter, fingerprint, next } = options;
    const maxExamined = this.#maxExamined * (isEverything(path) ? EXAMINED_OF_EVERYTHING : 1);
    const wanted = isSelective(predicate, path) ? maxExamined : limit;
    const needsKey = asksKey(predicate);
    const narrow = await this.#narrow(predicate, path, { after, meter });
    const entries = readEntries(path, { table: this.#table, after, wanted, meter, narrow });
    const records: ImageRecord[] = [];
    const unreadable: UnreadableItem[] = [];
    let examined = 0;
    let shared = 0;
    let last = after;
    while (true) {
      const candidates: Entry[] = [];
      let isOver = false;
      while (candidates.length < limit - records.length && examined < maxExamined) {
        const { done, value: entry } = await entries.next();
        isOver = done === true;
        if (done) break;
        examined++;
        if (next && entry.facts && isPosted(next, entry.facts)) shared++;
        last = entry.position;
        const isTelling = entry.facts && !(needsKey && entry.facts.key === undefined);
        if (!isTelling || isAnswer(predicate, path, entry, entry.facts!)) candidates.push(entry);
      }
      const items = await this.#items(candidates, { meter, fingerprint });
      for (const entry of candidates) {
        const { content, outcomeSk, facts } = items.get(textOf(recordKey(entry.id))) ?? {};
        if (!content) continue;
        // The index follows the table with a delay, and a posting may be a crashed worker's: the record decides.
        const isCurrent = path.by === 'tags' || outcomeSk === entry.position;
        if (!isCurrent) continue;
        const found = readContent(content);
        if ('fault' in found) unreadable.push({ id: entry.id, fault: found.fault });
        else if (isAnswer(predicate, path, entry, deriveFacts(found.record, found.live))) {
          records.push(fingerprint ? withFingerprint(found, facts) : found.record);
        }
      }
      if (isOver) return { records, unreadable, examined, shared };
      if (records.length === limit || examined >= maxExamined) {
        const { done } = await entries.next();
        return { records, unreadable, examined, shared, last: done ? undefined : last };
      }
    }
  }

  /** Of a question about names or dates, whose first page found too little, the index is mapped: the pages behind pass over the rest. */
  async #narrow(predicate: Predicate, path: AccessPath, { after, meter }: Pick<PageOptions, 'after' | 'meter'>) {
    if (path.by === 'tags' || !isPlaced(predicate)) return undefined;
    if (after !== undefined) await this.#zones.extend(partitionsOf(path), meter);
    return (partition: string, stretch: Stretch) => this.#zones.narrow(partition, stretch, predicate);
  }

  #items(
    entries: readonly Entry[],
    { meter, fingerprint }: Pick<PageOptions, 'meter' | 'fingerprint'>,
  ): Promise<Map<string, StoredItem>> {
    const keys = entries.map(({ id }) => recordKey(id));
    const attributes = ['pk', 'sk', 'content', 'outcomeSk', ...(fingerprint ? ['facts'] : [])];
    return getItems(this.#table, keys, { attributes, meter });
  }
}

/** What an item holds; or why that can't be read. */
function readContent(packed: Uint8Array): Content | { fault: string } {
  try {
    return unpackContent(packed);
  } catch (error) {
    return { fault: (error as Error).message };
  }
}

function withFingerprint({ record, fingerprint }: Content, facts: StoredFacts | undefined): ImageRecord {
  const whole = completeFingerprint(fingerprint, facts);
  return whole ? { ...record, fingerprint: whole } : record;
}

/**
 * Whether many of an access path's entries may be no answers, as far as an expression tells: another name, a time, a variant let few
 * images through, but most are without what a `not` excludes.
 */
function isSelective(predicate: Predicate, { by }: AccessPath): boolean {
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
function isAnswer(predicate: Predicate, path: AccessPath, entry: Entry, facts: Facts): boolean {
  return (path.by === 'outcomes' || isFirst(path.lists, entry, facts)) && matches(predicate, facts);
}

function isPosted(path: AccessPath, { posted }: Facts): boolean {
  return path.by === 'tags' && path.lists.some(({ tag }) => posted.includes(tag));
}

/** An image may be on several of an access path's lists: it is answered where it comes first. */
function isFirst(
  lists: Extract<AccessPath, { by: 'tags' }>['lists'],
  { id, list, position }: Entry,
  { names, posted }: Facts,
): boolean {
  const confidences = lists.map(({ tag, confidences }) => {
    const confidence = posted.includes(tag) ? names.get(tag)! : -1;
    return includes(confidences, confidence) ? confidence : -1;
  });
  const highest = Math.max(...confidences);
  return confidences.indexOf(highest) === list && position === `${formatRank(highest)}#${id}`;
}
