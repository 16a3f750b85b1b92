import type { Predicate } from '../expression/matches.ts';
import { pathWords } from '../expression/path-words.ts';
import type { Operator } from '../expression/syntax.ts';
import { parseFacets } from '../facts.ts';
import { type Meter, queryItems } from '../query-items.ts';
import { TABLE_SCHEMA } from '../table-schema.ts';
import type { TagStoreOptions } from '../types.ts';
import { earlier, later } from './access-path.ts';

/** A stretch of a partition of the index: sort keys, both included. */
export interface Stretch {
  from: string;
  to: string;
}

/** What entries side by side have of days and words. */
interface Zone extends Stretch {
  /** That photos were taken on, such as `2009-06-15`. */
  days: readonly string[];
  /** Of their keys, with a space before each. */
  words: string;
  /** An entry doesn't tell. */
  isVague: boolean;
}

interface Mapped {
  /** The oldest first. */
  zones: Zone[];
  /** The sort key up to which the zones reach. */
  until: string;
}

type StoredEntry = { outcomeSk: string; facts: string };

export interface ZoneMapOptions {
  /** Entries of a zone: a zone that may hold an answer is read as a whole. */
  zoneEntries?: number;
  now?: () => number;
  /** How long a request may read on for the map. The function has 30 s for a page. */
  readingMs?: number;
}

/** Some 0.7 kB each: three million images in 35 MB. */
const MOST_ZONES = 50_000;

/** Newer entries aren't mapped: whoever writes an image may take a batch's quarter of an hour for it, and sets the time before. */
const SETTLED_MS = 60 * 60 * 1000;

/** The map isn't read on more often. */
const REST_MS = 60 * 1000;

/** What tells nothing of any image. */
const NOTHING: Zone = { from: '', to: '', days: [], words: '', isVague: false };

/**
 * A zone map of the index `by-outcome`, in memory: which days and words of names are in which stretch of it. Who asks for a file's
 * name, a folder or a date passes over the rest. It is made by reading the index, so nothing has to be written for it
 * (docs/decisions/30-zone-map.md).
 */
export class ZoneMap {
  readonly #table: TagStoreOptions;
  readonly #options: Required<ZoneMapOptions>;
  readonly #partitions = new Map<string, Mapped>();
  #reading: Promise<void> = Promise.resolve();
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(table: TagStoreOptions, options: ZoneMapOptions = {}) {
    this.#table = table;
    this.#options = { zoneEntries: 64, now: Date.now, readingMs: 5000, ...options };
  }

  /** The parts of a stretch that may hold answers, the newest first. Nothing is left out of what isn't mapped. */
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

  /** Maps what isn't mapped yet, for some seconds at most: whoever comes later goes on. */
  extend(partitions: readonly string[], meter: Meter): Promise<void> {
    const turn = this.#reading.then(() => this.#extend(partitions, meter));
    this.#reading = turn.catch(() => {});
    return turn;
  }

  async #extend(partitions: readonly string[], meter: Meter): Promise<void> {
    const now = this.#options.now();
    if (now - this.#readAt < REST_MS) return;
    const settled = new Date(now - SETTLED_MS).toISOString();
    const end = performance.now() + this.#options.readingMs;
    const areWhole = await Promise.all(partitions.map((partition) => this.#map(partition, { settled, end, meter })));
    if (areWhole.every((isWhole) => isWhole)) this.#readAt = now;
  }

  /** @returns whether all of the partition is mapped that can be. */
  async #map(
    partition: string,
    { settled, end, meter }: { settled: string; end: number; meter: Meter },
  ): Promise<boolean> {
    const mapped = this.#mapped(partition);
    let entries: StoredEntry[] = [];
    const close = () => {
      if (entries.length === 0) return;
      mapped.zones.push(makeZone(entries));
      mapped.until = entries.at(-1)!.outcomeSk;
      entries = [];
    };
    const query = {
      IndexName: TABLE_SCHEMA.indexes[0].name,
      KeyConditionExpression: 'outcomePk = :pk AND outcomeSk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': partition, ':from': next(mapped.until), ':to': settled },
      ProjectionExpression: 'outcomeSk, facts',
    };
    for await (const entry of queryItems<StoredEntry>(this.#table, query, meter)) {
      entries.push(entry);
      if (entries.length < this.#options.zoneEntries) continue;
      close();
      if (performance.now() > end || this.#size() >= MOST_ZONES) return false;
    }
    close();
    return true;
  }

  #size(): number {
    return [...this.#partitions.values()].reduce((sum, { zones }) => sum + zones.length, 0);
  }

  #mapped(partition: string): Mapped {
    const mapped = this.#partitions.get(partition) ?? { zones: [], until: '' };
    this.#partitions.set(partition, mapped);
    return mapped;
  }
}

/** Whether a question is about names or dates, so that zones tell where its answers may be. */
export function isPlaced(predicate: Predicate): boolean {
  return !mayHold(NOTHING, predicate);
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
    days: [...days],
    words: [...words].join(' '),
    isVague,
  };
}

/** Whether an image of a zone may be what is asked for. */
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

/** @param words with a space before each; the last may go on. */
function hasWords(zone: Zone, words: string): boolean {
  return words
    .split(' ')
    .slice(1)
    .every((word) => zone.words.includes(` ${word}`));
}

/** Less than any sort key behind this one. */
function next(sortKey: string): string {
  return `${sortKey} `;
}

/** Whether a time of a day may compare so with a date, which may be of another precision. */
function mayCompare(day: string, operator: Operator, date: string): boolean {
  const [a, b] = [day.slice(0, date.length), date.slice(0, day.length)];
  if (operator === ':') return a === b;
  return operator.startsWith('>') ? a >= b : a <= b;
}
