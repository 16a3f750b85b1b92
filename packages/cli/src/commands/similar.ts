import { type Fingerprint, type ImageRecord, TagmillError } from '@tagmill/core';
import { toPrintable } from '@tagmill/image-files';
import { NearestSearch } from '@tagmill/look-alikes';
import { EXIT } from '../errors.ts';

import { type Alike, type SimilarFormat, similarText } from '../output/similar-formats.ts';
import { writeLines } from '../output/write-records.ts';
import { parseS3Url } from '../stack/stacks.ts';
import { type ApiChoice, findApi, nothingFound, storedImages, tellUnreadable } from '../stack/stored-images.ts';
import { type FingerprintOptions, fingerprintFiles } from '../tagging/fingerprint-files.ts';

export interface SimilarCommandOptions extends ApiChoice, FingerprintOptions {
  /** Files, folders and globs, in place of a stack's images. */
  photos?: string[];
  limit: number;
  format: SimilarFormat;
  output?: string;
  excel: boolean;
}

/** An embedding, and the space that it lies in. */
interface Place {
  space: string;
  embedding: Int8Array;
}

/** The embeddings of one space, and the images that they are of. */
interface Neighbourhood {
  search: NearestSearch;
  images: Pick<Alike, 'image' | 'tags'>[];
}

/** `tagmill similar`: the images that look most like one, by their embeddings. It compares the image with each. */
export async function listSimilar(
  like: string,
  { photos, limit, format, output, excel, ...options }: SimilarCommandOptions,
): Promise<void> {
  const stored = like.startsWith('s3://') ? parseS3Url(like) : undefined;
  if (stored && photos) {
    throw new TagmillError('invalid-argument', '--photos are compared with a file: name one in place of s3://…');
  }
  let place = stored ? undefined : placeOf(await fingerprintOf(like, options));
  if (!stored && !place) throw noEmbedding(like);
  const neighbourhoods = new Map<string, Neighbourhood>();
  let without = 0;
  for await (const record of photos ? fingerprintFiles(photos, options) : storedRecords(options)) {
    const own = placeOf(record.fingerprint);
    if (isImage(record, stored ?? { path: like })) {
      place ??= own;
      if (!place) throw noEmbedding(like);
    } else if (own) addTo(neighbourhoods, own, record);
    else if (record.outcome === 'tagged' || record.outcome === 'empty') without++;
  }
  if (!place) throw new TagmillError('not-found', `There is no record of ${like}`);
  const found = nearestIn(neighbourhoods.get(place.space), place, limit);
  await writeLines(similarText(format, found, { excel }), output);
  tell({ neighbourhoods, place, without });
}

async function fingerprintOf(file: string, options: FingerprintOptions): Promise<Fingerprint | undefined> {
  for await (const { fingerprint, message } of fingerprintFiles([file], options)) {
    if (fingerprint) return fingerprint;
    throw new TagmillError('invalid-argument', `${toPrintable(file)} can't be compared: ${message}`);
  }
  throw new TagmillError('invalid-argument', `${toPrintable(file)} is no image`);
}

async function* storedRecords(choice: ApiChoice): AsyncGenerator<ImageRecord> {
  const found = nothingFound();
  yield* storedImages(await findApi(choice), { fingerprint: true }, found);
  await tellUnreadable(found.unreadable, choice);
}

function placeOf(fingerprint: Fingerprint | undefined): Place | undefined {
  const { space, embedding } = fingerprint ?? {};
  if (space === undefined || embedding === undefined) return undefined;
  return { space, embedding: new Int8Array(Buffer.from(embedding, 'base64')) };
}

function isImage({ image }: ImageRecord, name: { bucket: string; key: string } | { path: string }): boolean {
  if ('path' in name) return 'path' in image && image.path === name.path;
  return 'key' in image && image.bucket === name.bucket && image.key === name.key;
}

function addTo(neighbourhoods: Map<string, Neighbourhood>, { space, embedding }: Place, record: ImageRecord): void {
  const known = neighbourhoods.get(space) ?? { search: new NearestSearch(embedding.length), images: [] };
  neighbourhoods.set(space, known);
  known.search.add(embedding);
  known.images.push({ image: record.image, tags: record.tags });
}

function nearestIn(neighbourhood: Neighbourhood | undefined, { embedding }: Place, limit: number): Alike[] {
  if (!neighbourhood) return [];
  return neighbourhood.search
    .nearest(embedding, limit)
    .map(({ index, likeness }) => ({ likeness, ...neighbourhood.images[index]! }));
}

interface Told {
  neighbourhoods: ReadonlyMap<string, Neighbourhood>;
  place: Place;
  without: number;
}

function tell({ neighbourhoods, place, without }: Told): void {
  const compared = neighbourhoods.get(place.space)?.search.size ?? 0;
  process.stderr.write(`Images compared: ${compared}\n`);
  const elsewhere = [...neighbourhoods].reduce(
    (sum, [space, { search }]) => sum + (space === place.space ? 0 : search.size),
    0,
  );
  if (elsewhere > 0)
    process.stderr.write(`Images left out, whose embeddings are of another family or of other weights: ${elsewhere}\n`);
  if (without > 0) process.stderr.write(`Images left out, since they have no embedding: ${without}\n`);
  if (elsewhere + without > 0) process.exitCode = EXIT.failed;
}

function noEmbedding(name: string): TagmillError {
  return new TagmillError(
    'invalid-argument',
    `${toPrintable(name)} has no embedding to compare: only variants of everyday make them`,
  );
}
