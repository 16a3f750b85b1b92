import { type ErrorCode, type ImageRecord, TagmillError } from '@tagmill/core';
import { type CallApi, nameUnreadable, openApi, openStack } from '@tagmill/stack-client';
import type { UnknownName, UnreadableItem } from '@tagmill/tag-store';
import { EXIT } from '../errors.ts';
import { findStack, type StackChoice } from './stacks.ts';

export interface ApiChoice extends StackChoice {
  /** URL of an API that takes unsigned requests, instead of a stack's. */
  endpoint?: string | undefined;
}

/**
 * The API that a command asks.
 *
 * @throws {TagmillError} `not-found` if no stack runs; `invalid-argument` if two APIs are named, or the endpoint is no URL.
 */
export async function findApi({ endpoint, ...choice }: ApiChoice): Promise<CallApi> {
  if (endpoint === undefined) return openStack(await findStack(choice)).callApi;
  if (choice.stack !== undefined) throw new TagmillError('invalid-argument', 'Give --endpoint or --stack, not both');
  if (!URL.canParse(endpoint)) throw new TagmillError('invalid-argument', `--endpoint is no URL: ${endpoint}`);
  return openApi({ url: endpoint.endsWith('/') ? endpoint : `${endpoint}/` });
}

/** How the pages of a question were found, added up. */
export interface Found {
  images: number;
  /** Entries that were looked at. */
  examined: number;
  readUnits: number;
  /** What was read, in its order. */
  accessPath?: string;
  considered: { accessPath: string; entries: number }[];
  /** Words in the question that no tag is called. */
  unknownNames: UnknownName[];
  /** Records that may be answers and can't be read. */
  unreadable: UnreadableItem[];
  /** More images may be there, beyond the limit. */
  hasMore: boolean;
}

export function nothingFound(): Found {
  return { images: 0, examined: 0, readUnits: 0, considered: [], unknownNames: [], unreadable: [], hasMore: false };
}

export interface StoredImagesQuestion {
  /** All images if absent. */
  expression?: string | undefined;
  limit?: number;
  /** Whether records have their fingerprints. */
  fingerprint?: boolean;
}

interface ImagesPage {
  images: ImageRecord[];
  cursor?: string;
  unknownNames?: UnknownName[];
  unreadable?: UnreadableItem[];
  plan: Pick<Found, 'examined' | 'readUnits' | 'considered'> & { accessPath: string };
}

/** As many as the API gives at once. */
const PAGE_SIZE = 100;

/**
 * The images that an expression describes, page after page.
 *
 * @param found is kept up to date meanwhile.
 * @throws {TagmillError} with what the API says against the question.
 */
export async function* storedImages(
  callApi: CallApi,
  { expression, limit = Number.POSITIVE_INFINITY, fingerprint = false }: StoredImagesQuestion,
  found: Found,
): AsyncGenerator<ImageRecord> {
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({
      ...(expression === undefined ? {} : { q: expression }),
      ...(cursor === undefined ? {} : { cursor }),
      limit: String(Math.min(PAGE_SIZE, limit - found.images)),
      explain: 'true',
      // An API of before knows nothing of it.
      ...(fingerprint && { fingerprint: 'true' }),
    });
    const page = await readAnswer<ImagesPage>(await callApi(`images?${query}`));
    cursor = page.cursor;
    found.examined += page.plan.examined;
    found.readUnits += page.plan.readUnits;
    found.accessPath ??= page.plan.accessPath;
    found.considered.push(...page.plan.considered);
    found.unknownNames.push(...(page.unknownNames ?? []));
    found.unreadable.push(...(page.unreadable ?? []));
    found.images += page.images.length;
    yield* page.images;
  } while (cursor !== undefined && found.images < limit);
  found.hasMore = cursor !== undefined;
}

/** Says on standard error which records can't be read, and has the command end with 1 if there are any. */
export async function tellUnreadable(items: readonly UnreadableItem[], choice: ApiChoice): Promise<void> {
  if (items.length === 0) return;
  process.exitCode = EXIT.failed;
  for (const { id, key, fault } of await nameImages(items, choice)) {
    process.stderr.write(`The record of ${key ?? `I#${id}`} can't be read and was left out: ${fault}\n`);
  }
  process.stderr.write('tagmill reconcile has them looked at anew\n');
}

/** Names are in the bucket alone, and an endpoint has none. */
async function nameImages(items: readonly UnreadableItem[], choice: ApiChoice): Promise<UnreadableItem[]> {
  if (choice.endpoint !== undefined) return [...items];
  const address = await findStack(choice);
  const { objects } = openStack(address);
  const records = await nameUnreadable(items, { objects, bucket: address.uploadBucket });
  return records.map(({ key, ...record }) =>
    key === undefined ? record : { ...record, key: `s3://${address.uploadBucket}/${key}` },
  );
}

const CODES: Record<number, ErrorCode> = {
  400: 'invalid-argument',
  404: 'not-found',
  409: 'conflict',
  503: 'unavailable',
};

/**
 * What the API answers.
 *
 * @throws {TagmillError} with what it says against the request.
 */
export async function readAnswer<Answer>(response: Response): Promise<Answer> {
  const text = await response.text();
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') ?? false;
  if (response.ok) return JSON.parse(text);
  const { title, detail } = isProblem ? JSON.parse(text) : { title: response.statusText, detail: undefined };
  throw new TagmillError(CODES[response.status] ?? 'internal', detail ?? `The API answers ${response.status} ${title}`);
}
