import fs from 'node:fs/promises';
import { type Fingerprint, TagmillError, tagKey } from '@tagmill/core';
import type { OpenStack } from '@tagmill/stack-client';
import { STATES_AT_ONCE, scanImages, TagStore } from '@tagmill/tag-store';
import type { Example } from '@tagmill/teach';
import { unpackEmbedding } from '@tagmill/teach/stored-tags';
import { parseS3Url } from './stacks.ts';
import { nothingFound, storedImages } from './stored-images.ts';

/** Where a stack's examples come from: one of them. */
export interface ExampleSource {
  /** Images that it describes. */
  query?: string;
  /** A file with an image a line: s3://BUCKET/KEY, or a key of the upload bucket. */
  keys?: string;
  /** Images that people gave the tag; those that they took it from don't show it. */
  from?: 'corrections';
}

/** An image that shows the tag, or doesn't, as its record has it. */
interface Seen {
  variant: string | undefined;
  fingerprint: Fingerprint | undefined;
  isExample: boolean;
}

export interface StackExamples {
  examples: Example[];
  not: Example[];
  /** That most examples were seen with. */
  variant: string;
  /** Without an embedding, or with one of another space. */
  skippedCount: number;
}

/**
 * A stack's images as teaching takes them, by what was kept of them alone.
 *
 * @throws {TagmillError} `invalid-argument` if none of them has an embedding of the space; `not-found` if one that is named has no record.
 */
export async function readExamples(
  name: string,
  source: ExampleSource,
  { stack, bucket, space }: { stack: OpenStack; bucket: string; space: string },
): Promise<StackExamples> {
  const found: { example: Example; seen: Seen }[] = [];
  let skippedCount = 0;
  for await (const seen of readSource(name, source, stack, bucket)) {
    const { space: own, embedding } = seen.fingerprint ?? {};
    if (own === space && embedding !== undefined && seen.variant !== undefined) {
      // The middle of the image is all that was looked at.
      const centre = unpackEmbedding(embedding);
      found.push({ example: { averaged: centre, centre }, seen });
    } else skippedCount++;
  }
  const [examples, not] = [true, false].map((isExample) => found.filter(({ seen }) => seen.isExample === isExample));
  const variants = Object.groupBy(examples!, ({ seen }) => seen.variant!);
  const [most] = Object.entries(variants).sort(([, a], [, b]) => b!.length - a!.length);
  if (!most) {
    const why = skippedCount > 0 ? `${skippedCount} images have no embedding of the space ${space}` : 'there are none';
    throw new TagmillError('invalid-argument', `No image can be an example of "${name}": ${why}`);
  }
  return {
    examples: examples!.map(({ example }) => example),
    not: not!.map(({ example }) => example),
    variant: most[0],
    skippedCount,
  };
}

async function* readSource(
  name: string,
  { query, keys, from }: ExampleSource,
  stack: OpenStack,
  bucket: string,
): AsyncGenerator<Seen> {
  if ([query, keys, from].filter((each) => each !== undefined).length !== 1) {
    throw new TagmillError('invalid-argument', 'Give one of --examples, --query, --keys and --from');
  }
  if (query !== undefined) {
    for await (const { model, fingerprint } of storedImages(
      stack.callApi,
      { expression: query, fingerprint: true },
      nothingFound(),
    ))
      yield { variant: model?.variant, fingerprint, isExample: true };
  } else if (keys !== undefined) yield* readKeys(keys, stack, bucket);
  else yield* readCorrections(name, stack);
}

async function* readKeys(file: string, { table }: OpenStack, bucket: string): AsyncGenerator<Seen> {
  const text = await fs.readFile(file, 'utf8').catch((cause: Error) => {
    throw new TagmillError('invalid-argument', `Cannot read ${file}: ${cause.message}`, { cause });
  });
  const lines = [...new Set(text.split(/\r?\n/).filter((line) => line !== ''))];
  const names = lines.map((line) => (line.startsWith('s3://') ? parseS3Url(line) : { bucket, key: line }));
  for (let start = 0; start < names.length; start += STATES_AT_ONCE) {
    for (const { name, record, fingerprint } of await new TagStore(table).readAll(
      names.slice(start, start + STATES_AT_ONCE),
    )) {
      if (!record) throw new TagmillError('not-found', `No record of ${name.key} in ${name.bucket}`);
      yield { variant: record.model?.variant, fingerprint, isExample: true };
    }
  }
}

async function* readCorrections(tag: string, { table }: OpenStack): AsyncGenerator<Seen> {
  const isIt = ({ name }: { name: string }) => tagKey(name) === tagKey(tag);
  for await (const { corrections, record, fingerprint } of scanImages(table, () => {})) {
    const isExample = corrections?.added.some(isIt) ?? false;
    if (!isExample && !corrections?.removed.some(isIt)) continue;
    yield { variant: record?.model?.variant, fingerprint, isExample };
  }
}
