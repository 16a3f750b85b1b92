import type { Predicate } from '../expression/matches.ts';
import { pathWords } from '../expression/path-words.ts';
import type { Operator } from '../expression/syntax.ts';
import { parseFacets, type StoredFacts } from '../facts.ts';
import { type Meter, queryItems } from '../query-items.ts';
import { TABLE_SCHEMA } from '../table-schema.ts';
import type { TagStoreOptions } from '../types.ts';
import { earlier, later } from './access-path.ts';

/** A stretch of a partition of the index: sort keys, both included. */
export interface Stretch {
  from: string;
  to: string;
}

/** Which days and words the entries of a stretch have. */
interface Zone extends Stretch {
  /** How many they are. */
  entries: number;
  /** Days that photos were taken on, such as `2009-06-15`. */
  days: readonly string[];
  /** The words of keys, with a space before each. */
  words: string;
  /** Whether an entry has no key, or can't be read. */
  isVague: boolean;
}

/** What is mapped of a partition. */
interface Mapped {
  /** The oldest first. */
  zones: Zone[];
  /** The sort key of the last entry that is mapped; empty if none is. */
  until: string;
}

type StoredEntry = { outcomeSk: string; facts: StoredFacts };

export interface ZoneMapOptions {
  /** Most entries of a zone. A question reads all entries of a zone that may hold an answer. */
  zoneEntries?: number;
  /** Most zones of all partitions. */
  mostZones?: number;
  /** The time in milliseconds since 1970. */
  now?: () => number;
  /** How long a request may read the index for the map. The function has 30 s for a page. */
  readingMs?: number;
}

/** A zone takes some 0.7 kB: three million images take 35 MB. */
const MOST_ZONES = 50_000;

/** Younger entries aren't mapped. A worker may write an entry up to a quarter of an hour, a batch's time, after the time in its key. */
const SETTLED_MS = 60 * 60 * 1000;

/** Once all is mapped, the map rests so long before it reads what is new. */
const REST_MS = 60 * 1000;

const EMPTY: Zone = { from: '', to: '', entries: 0, days: [], words: '', isVague: false };

/**
 * A zone map of the index `by-outcome`, in memory: which days and which words of names are in which stretch of the index. A question
 * about a file's name, a folder or a date passes over the other stretches. The map is made by reading the index, so nobody has to
 * write it (docs/decisions/30-zone-map.md).
 *
 * No entry may ever appear in a stretch that is mapped already. The store keeps to that: a new entry has the present time in its key.
 */
export class ZoneMap {
  readonly #table: TagStoreOptions;
  readonly #options: Required<ZoneMapOptions>;
  readonly #partitions = new Map<string, Mapped>();
  #reading: Promise<void> | undefined;
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(table: TagStoreOptions, options: ZoneMapOptions = {}) {
    this.#table = table;
    this.#options = { zoneEntries: 64, mostZones: MOST_ZONES, now: Date.now, readingMs: 5000, ...options };
  }

  /** The parts of a stretch that may hold answers, the newest first. All that isn't mapped is among them. */
  narrow(partition: string, { from, to }: Stretch, predicate: Predicate): Stretch[] {
    const { zones, until } = this.#mapped(partition);
    const newest = { from: later(from, next(until)), to };
    const parts = newest.from <= to ? [newest] : [];
    let before: Zone | undefined;
    for (const zone of zones.toReversed()) {
      const part = { from: later(from, zone.from), to: earlier(to, zone.to) };
      const isRead = part.from <= part.to && mayHold(zone, predicate);
      // Zones side by side are one query.
      if (isRead && before) parts.at(-1)!.from = part.from;
      else if (isRead) parts.push(part);
      before = isRead ? zone : undefined;
    }
    return parts;
  }

  /**
   * Maps what isn't mapped yet, for some seconds at most: a later call goes on. A call while another one reads waits for that one,
   * and reads nothing itself.
   */
  extend(partitions: readonly string[], meter: Meter): Promise<void> {
    this.#reading ??= this.#extend(partitions, meter).finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #extend(partitions: readonly string[], meter: Meter): Promise<void> {
    const now = this.#options.now();
    if (now - this.#readAt < REST_MS || this.#isFull()) return;
    const settled = new Date(now - SETTLED_MS).toISOString();
    const end = performance.now() + this.#options.readingMs;
    // All have ended before anyone may begin anew: two readers of a partition would map it twice.
    const results = await Promise.allSettled(
      partitions.map((partition) => this.#map(partition, { settled, end, meter })),
    );
    const failed = results.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined;
    if (failed) throw failed.reason;
    if (results.every((result) => result.status === 'fulfilled' && result.value)) this.#readAt = now;
  }

  /** @returns whether all of the partition is mapped that can be. */
  async #map(
    partition: string,
    { settled, end, meter }: { settled: string; end: number; meter: Meter },
  ): Promise<boolean> {
    const mapped = this.#mapped(partition);
    const from = next(mapped.until);
    // The clock may have been set back.
    if (from > settled) return true;
    let entries: StoredEntry[] = [];
    const close = () => {
      if (entries.length === 0) return;
      this.#append(mapped, makeZone(entries));
      entries = [];
    };
    const query = {
      IndexName: TABLE_SCHEMA.indexes[0].name,
      KeyConditionExpression: 'outcomePk = :pk AND outcomeSk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': partition, ':from': from, ':to': settled },
      ProjectionExpression: 'outcomeSk, facts',
    };
    for await (const entry of queryItems<StoredEntry>(this.#table, query, meter)) {
      entries.push(entry);
      if (entries.length < this.#options.zoneEntries) continue;
      close();
      if (performance.now() > end || this.#isFull()) return false;
    }
    close();
    return true;
  }

  /** Where images come one by one, each reading finds few: they join the last zone while it has room. */
  #append(mapped: Mapped, zone: Zone): void {
    const last = mapped.zones.at(-1);
    const fits = last !== undefined && last.entries + zone.entries <= this.#options.zoneEntries;
    if (fits) mapped.zones[mapped.zones.length - 1] = joinZones(last, zone);
    else mapped.zones.push(zone);
    mapped.until = zone.to;
  }

  #isFull(): boolean {
    const zones = [...this.#partitions.values()].reduce((sum, { zones }) => sum + zones.length, 0);
    return zones >= this.#options.mostZones;
  }

  #mapped(partition: string): Mapped {
    const mapped = this.#partitions.get(partition) ?? { zones: [], until: '' };
    this.#partitions.set(partition, mapped);
    return mapped;
  }
}

/** Whether zones tell where a question's answers may be: it is about names or dates. */
export function isPlaced(predicate: Predicate): boolean {
  return !mayHold(EMPTY, predicate);
}

function makeZone(entries: readonly StoredEntry[]): Zone {
  const [days, words] = [new Set<string>(), new Set<string>()];
  let isVague = false;
  for (const { facts } of entries) {
    const { key, takenAt } = parseFacets(facts);
    if (typeof takenAt === 'string') days.add(takenAt.slice(0, 'yyyy-mm-dd'.length));
    for (const word of pathWords(key ?? '').split(' ')) words.add(word);
    isVague ||= key === undefined;
  }
  return {
    from: entries[0]!.outcomeSk,
    to: entries.at(-1)!.outcomeSk,
    entries: entries.length,
    days: [...days],
    words: [...words].join(' '),
    isVague,
  };
}

function joinZones(a: Zone, b: Zone): Zone {
  return {
    from: a.from,
    to: b.to,
    entries: a.entries + b.entries,
    days: [...new Set([...a.days, ...b.days])],
    words: [...new Set(`${a.words}${b.words}`.split(' '))].join(' '),
    isVague: a.isVague || b.isVague,
  };
}

/** Whether an image of a zone may be an answer. */
function mayHold(zone: Zone, predicate: Predicate): boolean {
  switch (predicate.kind) {
    case 'and':
      return predicate.terms.every((term) => mayHold(zone, term));
    case 'or':
      return predicate.terms.some((term) => mayHold(zone, term));
    case 'path':
      return zone.isVague || hasWords(zone, predicate.words);
    case 'folder':
      return zone.isVague || hasWords(zone, pathWords(predicate.folder));
    case 'time': {
      if (predicate.field !== 'taken' || zone.isVague) return true;
      return zone.days.some((day) => mayCompare(day, predicate.operator, predicate.date));
    }
    default:
      return true;
  }
}

/** Whether each word begins a word of a zone. */
function hasWords(zone: Zone, words: string): boolean {
  return words
    .split(' ')
    .slice(1)
    .every((word) => zone.words.includes(` ${word}`));
}

/** A text between a sort key and any greater one. */
function next(sortKey: string): string {
  return `${sortKey} `;
}

/** Whether a time on a day may compare with a date as asked. The date may be a year, or a time to the second. */
function mayCompare(day: string, operator: Operator, date: string): boolean {
  const [a, b] = [day.slice(0, date.length), date.slice(0, day.length)];
  if (operator === ':') return a === b;
  return operator.startsWith('>') ? a >= b : a <= b;
}
