import fs from 'node:fs/promises';
import { type Fingerprint, type ImageRecord, TagmillError, tagKey } from '@tagmill/core';
import type { OpenStack } from '@tagmill/stack-client';
import { type ObjectName, STATES_AT_ONCE, scanImages, TagStore, type UnreadableItem } from '@tagmill/tag-store';
import type { Example } from '@tagmill/teach';
import { unpackEmbedding } from '@tagmill/teach/stored-tags';
import { parseS3Url } from './stacks.ts';
import { type Found, nothingFound, storedImages } from './stored-images.ts';

/** Where a stack's examples come from: one of them, or several together. */
export interface ExampleSource {
  /** Images that it describes. */
  query?: string;
  /** A file with an image a line: s3://BUCKET/KEY, or a key of the upload bucket. */
  keys?: string;
  /** Images that people gave the tag, and those that they took it from. */
  from?: 'corrections';
}

export interface StackExamples {
  examples: Example[];
  /** Images that people took the tag from. */
  not: Example[];
  /** That most examples were seen with; undefined if there are none. */
  variant: string | undefined;
  /** Images without an embedding of the space. */
  skipped: ObjectName[];
  /** How the query was answered. */
  found: Found;
}

/** An image that may be an example. */
interface Candidate {
  name: ObjectName;
  variant: string | undefined;
  fingerprint: Fingerprint | undefined;
  isExample: boolean;
}

interface Reading {
  stack: OpenStack;
  bucket: string;
  /** Its id. */
  space: string;
}

/** Teaching compares all examples with each other. */
const MOST_EXAMPLES = 1000;

/**
 * Reads a stack's images as teaching takes them, by what was kept of them alone. An image that people took the tag from is no example,
 * whoever names it.
 *
 * @throws {TagmillError} `invalid-argument` if no source is given, or there are too many images; `not-found` if one that is named has no record.
 */
export async function readExamples(name: string, source: ExampleSource, reading: Reading): Promise<StackExamples> {
  if ([source.query, source.keys, source.from].every((each) => each === undefined)) {
    throw new TagmillError(
      'invalid-argument',
      "Give --examples for photos, or --query, --keys or --from corrections for a stack's images",
    );
  }
  const found = nothingFound();
  const candidates = new Map<string, Candidate>();
  for await (const candidate of readSources(name, source, { ...reading, found })) {
    const { bucket, key } = candidate.name;
    candidates.set(`${bucket}/${key}`, candidate);
    if (candidates.size > MOST_EXAMPLES) {
      throw new TagmillError('invalid-argument', `More than ${MOST_EXAMPLES} images: give fewer, such as the surest`);
    }
  }
  const usable: { example: Example; candidate: Candidate }[] = [];
  const skipped: ObjectName[] = [];
  for (const candidate of candidates.values()) {
    const { space, embedding } = candidate.fingerprint ?? {};
    if (space === reading.space && embedding !== undefined && candidate.variant !== undefined) {
      // The middle of the image is all that was looked at.
      const centre = unpackEmbedding(embedding);
      usable.push({ example: { averaged: centre, centre }, candidate });
    } else skipped.push(candidate.name);
  }
  const positive = usable.filter(({ candidate }) => candidate.isExample);
  return {
    examples: positive.map(({ example }) => example),
    not: usable.filter(({ candidate }) => !candidate.isExample).map(({ example }) => example),
    variant: mostFrequent(positive.map(({ candidate }) => candidate.variant!)),
    skipped,
    found,
  };
}

async function* readSources(
  name: string,
  { query, keys, from }: ExampleSource,
  { stack, bucket, found }: Reading & { found: Found },
): AsyncGenerator<Candidate> {
  const isIt = (each: string) => tagKey(each) === tagKey(name);
  const asCandidate = (image: ObjectName, record: ImageRecord, fingerprint: Fingerprint | undefined): Candidate => ({
    name: { bucket: image.bucket, key: image.key },
    variant: record.model?.variant,
    fingerprint,
    isExample: !record.removed?.some(isIt),
  });
  if (query !== undefined) {
    const question = { expression: query, fingerprint: true };
    for await (const record of storedImages(stack.callApi, question, found)) {
      yield asCandidate(record.image as ObjectName, record, record.fingerprint);
    }
  }
  if (keys !== undefined) {
    const names = await readNames(keys, bucket);
    for (let start = 0; start < names.length; start += STATES_AT_ONCE) {
      const states = await new TagStore(stack.table).readAll(names.slice(start, start + STATES_AT_ONCE));
      for (const { name, record, fingerprint } of states) {
        if (!record) throw new TagmillError('not-found', `No record of ${name.key} in ${name.bucket}`);
        yield asCandidate(name, record, fingerprint);
      }
    }
  }
  if (from === 'corrections') {
    const addUnreadable = (item: UnreadableItem) => void found.unreadable.push(item);
    for await (const { name, record, fingerprint } of scanImages(stack.table, addUnreadable)) {
      const isGiven = record?.tags.some((tag) => tag.by === 'person' && isIt(tag.name));
      if (record && (isGiven || record.removed?.some(isIt))) yield asCandidate(name, record, fingerprint);
    }
  }
}

/** Reads a list of images, each once. */
async function readNames(file: string, bucket: string): Promise<ObjectName[]> {
  const text = await fs.readFile(file, 'utf8').catch((cause: Error) => {
    throw new TagmillError('invalid-argument', `Cannot read ${file}: ${cause.message}`, { cause });
  });
  const lines = new Set(text.split(/\r?\n/).filter((line) => line !== ''));
  return [...lines].map((line) => (line.startsWith('s3://') ? parseS3Url(line) : { bucket, key: line }));
}

function mostFrequent(values: readonly string[]): string | undefined {
  const groups = Object.entries(Object.groupBy(values, (value) => value));
  return groups.sort(([, a], [, b]) => b!.length - a!.length)[0]?.[0];
}
