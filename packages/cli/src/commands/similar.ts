import { type Fingerprint, type ImageRecord, TagmillError } from '@tagmill/core';
import { toPrintable } from '@tagmill/image-files';
import { NearestSearch } from '@tagmill/look-alikes';
import type { ObjectName } from '@tagmill/tag-store';
import { EXIT } from '../errors.ts';
import { type Alike, type SimilarFormat, similarText } from '../output/similar-formats.ts';
import { writeLines } from '../output/write-records.ts';
import { askSimilar } from '../stack/similar-images.ts';
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

/** `tagmill similar`: the images that look most like one, by their embeddings. */
export async function listSimilar(like: string, options: SimilarCommandOptions): Promise<void> {
  const { photos, limit, format, output, excel } = options;
  const stored = like.startsWith('s3://') ? parseS3Url(like) : undefined;
  if (stored && photos) {
    throw new TagmillError('invalid-argument', '--photos are compared with a file: name one in place of s3://…');
  }
  const { images, ...told } = stored
    ? await similarToStored(stored, limit, options)
    : await similarToFile(like, options);
  await writeLines(similarText(format, images, { excel }), output);
  tell(told);
}

/** How many images were compared, and how many weren't. */
interface Compared {
  compared: number;
  otherSpaces: number;
  /** Without an embedding. */
  without?: number;
}

async function similarToStored(
  image: ObjectName,
  limit: number,
  choice: ApiChoice,
): Promise<Compared & { images: Alike[] }> {
  const { unreadable = [], ...found } = await askSimilar(await findApi(choice), image, limit);
  await tellUnreadable(unreadable, choice);
  return found;
}

/** Compares a file with each of others, or with each image of a stack, whose fingerprints are asked for. */
async function similarToFile(
  file: string,
  { photos, limit, ...options }: SimilarCommandOptions,
): Promise<Compared & { images: Alike[] }> {
  const place = placeOf(await fingerprintOf(file, options));
  if (!place) {
    const why = 'only variants of everyday make them';
    throw new TagmillError('invalid-argument', `${toPrintable(file)} has no embedding to compare: ${why}`);
  }
  const neighbourhoods = new Map<string, Neighbourhood>();
  let without = 0;
  for await (const record of photos ? fingerprintFiles(photos, options) : storedRecords(options)) {
    const own = placeOf(record.fingerprint);
    if ('path' in record.image && record.image.path === file) continue;
    if (own) addTo(neighbourhoods, own, record);
    else if (record.outcome === 'tagged' || record.outcome === 'empty') without++;
  }
  const all = [...neighbourhoods.values()].reduce((sum, { search }) => sum + search.size, 0);
  const compared = neighbourhoods.get(place.space)?.search.size ?? 0;
  const images = nearestIn(neighbourhoods.get(place.space), place, limit);
  return { images, compared, otherSpaces: all - compared, without };
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

function tell({ compared, otherSpaces, without = 0 }: Compared): void {
  process.stderr.write(`Images compared: ${compared}\n`);
  if (otherSpaces > 0) {
    const why = 'whose embeddings are of another family or of other weights';
    process.stderr.write(`Images left out, ${why}: ${otherSpaces}\n`);
  }
  if (without > 0) process.stderr.write(`Images left out, since they have no embedding: ${without}\n`);
  if (otherSpaces + without > 0) process.exitCode = EXIT.failed;
}
