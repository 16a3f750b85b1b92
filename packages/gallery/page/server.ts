/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { ImageRecord, Outcome } from '@tagmill/core';
import type { Copies, Picture } from '@tagmill/look-alikes';
import type { TagStatistics, UnknownName } from '@tagmill/tag-store';

export interface ImageName {
  bucket: string;
  key: string;
}

/** Of an object in a bucket, not of a file. */
export interface StoredRecord extends Omit<ImageRecord, 'image'> {
  image: Exclude<ImageRecord['image'], { path: string }>;
  /** How much it looks like the one that was asked about: 1 at most. */
  likeness?: number;
}

export interface ImagePage {
  images: StoredRecord[];
  cursor?: string;
  unknownNames?: UnknownName[];
  /** How it was found. */
  plan?: { accessPath: string; examined: number };
}

/** An image of a group of copies, with its record. */
export interface Copy extends Picture {
  record: StoredRecord;
}

/** Which images of an answer show the same picture. */
export interface CopiesFound {
  groups: Copies<Copy>[];
  compared: number;
  /** Images that can't be compared. */
  leftOut: number;
  /** There are more images than are compared at once. */
  isCut: boolean;
}

/** What is asked for: an expression, an outcome, what looks like an image, or nothing, which is everything. */
export interface Question {
  q?: string;
  outcome?: Outcome;
  /** `BUCKET/KEY`. */
  like?: string;
}

export interface TagCount {
  name: string;
  count: number;
}

export interface TagList {
  tags: TagCount[];
  /** ISO 8601. The API keeps counts for a while. */
  countedAt: string;
}

export interface StackState {
  uploadBucket: string;
  maxUploadBytes: number;
  waiting: number;
  inFlight: number;
  deadLetters: number;
}

/** An answer that isn't what was asked for. */
export class AnswerError extends Error {
  readonly status: number;
  /** Where an expression stops making sense, from 1. */
  readonly column: number | undefined;

  constructor(status: number, message: string, column?: number) {
    super(message);
    this.status = status;
    this.column = column;
  }
}

const PAGE_SIZE = 100;

export function fetchImages(question: Question, cursor?: string): Promise<ImagePage> {
  const more = question.like === undefined ? { cursor, explain: 'true' } : {};
  return call(`/api/images?${query({ ...question, limit: PAGE_SIZE, ...more })}`);
}

/** @returns undefined if it has no record. */
export function fetchRecord({ bucket, key }: ImageName): Promise<StoredRecord | undefined> {
  return orUndefined(call<StoredRecord>(`/api/image?${query({ bucket, key })}`));
}

/** @returns undefined if this stack's API doesn't count tags. */
export function fetchTags(): Promise<TagList | undefined> {
  return orUndefined(call('/api/tags'));
}

/** The tags that begin so, whether or not images have them; those that most have first. */
export async function fetchKnownTags(prefix: string, signal: AbortSignal): Promise<TagCount[]> {
  return (await call<TagList>(`/api/tags?${query({ prefix, all: 'true' })}`, { signal })).tags;
}

export interface MonthCount {
  /** Such as `2009-06`. */
  month: string;
  count: number;
}

export interface FolderCount {
  folder: string;
  count: number;
}

/** @returns none if this stack's API doesn't count them. */
export async function fetchMonths(): Promise<MonthCount[]> {
  return (await orUndefined(call<{ months: MonthCount[] }>('/api/dates')))?.months ?? [];
}

/** The folders directly below one; none if this stack's API doesn't count them. */
export async function fetchFolders(prefix: string): Promise<FolderCount[]> {
  const question = query({ prefix: prefix === '' ? undefined : prefix });
  return (await orUndefined(call<{ folders: FolderCount[] }>(`/api/folders?${question}`)))?.folders ?? [];
}

/** Compares the images that answer a question. */
export function fetchDuplicates(question: Question, signal: AbortSignal): Promise<CopiesFound> {
  return call(`/duplicates?${query({ ...question })}`, { signal });
}

export function fetchStatistics(): Promise<TagStatistics> {
  return call('/api/stats');
}

export function fetchStack(): Promise<StackState> {
  return call('/stack');
}

export function upload(name: string, file: Blob): Promise<ImageName> {
  const headers = { 'content-type': 'application/octet-stream' };
  return call(`/uploads?${query({ name })}`, { method: 'PUT', headers, body: file });
}

export function retry({ bucket, key }: ImageName): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  return call('/retries', { method: 'POST', headers, body: JSON.stringify({ bucket, key }) });
}

/** What a person says of an image's tags. */
export interface Correction {
  add?: string[];
  remove?: string[];
  /** Takes back what was said. */
  forget?: string[];
}

/** @returns the record, corrected. */
export function correct({ bucket, key }: ImageName, correction: Correction): Promise<StoredRecord> {
  const headers = { 'content-type': 'application/json' };
  return call('/corrections', { method: 'POST', headers, body: JSON.stringify({ bucket, key, ...correction }) });
}

/** Removes an image from its bucket; its record follows. */
export function remove({ bucket, key }: ImageName): Promise<void> {
  return call(`/images?${query({ bucket, key })}`, { method: 'DELETE' });
}

/** @returns where images can be downloaded, once: one as it is, several in an archive. */
export async function startDownload(images: readonly ImageName[]): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const names = images.map(({ bucket, key }) => ({ bucket, key }));
  return (await call<{ url: string }>('/downloads', { method: 'POST', headers, body: JSON.stringify(names) })).url;
}

export function pictureUrl(
  { image: { bucket, key, sha256 } }: StoredRecord,
  size: 'thumbnail' | 'preview' | 'full',
): string {
  return `/pictures/${size}?${query({ bucket, key, sha256 })}`;
}

type Init = Omit<RequestInit, 'signal'> & { signal?: AbortSignal | undefined };

async function call<Body>(url: string, { signal, ...init }: Init = {}): Promise<Body> {
  const answer = await fetch(url, { ...init, signal: signal ?? null }).catch((error: Error) => {
    if (error.name === 'AbortError') throw error;
    // What a browser says of it, such as "Failed to fetch", tells nobody what to do.
    throw new AnswerError(
      0,
      'The gallery’s server doesn’t answer. Is tagmill still running? Nothing was lost: try again.',
    );
  });
  if (answer.ok) return answer.json();
  const problem = await answer.json().catch(() => ({}));
  throw new AnswerError(answer.status, problem.detail ?? `The server answered ${answer.status}`, problem.column);
}

function orUndefined<Body>(answer: Promise<Body>): Promise<Body | undefined> {
  return answer.catch((error) => {
    if (error instanceof AnswerError && error.status === 404) return undefined;
    throw error;
  });
}

function query(parameters: Record<string, string | number | undefined>): URLSearchParams {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
}
