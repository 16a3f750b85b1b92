import fs from 'node:fs';
import path from 'node:path';
import { type Label, TagmillError } from '@tagmill/core';
import { expandImagePaths, readImage } from '@tagmill/image-files';
import * as z from 'zod';
import { readPackedImages } from './packed-data-set.ts';
import { type Said, Taxonomy } from './taxonomy.ts';

export interface LabelledPhoto {
  /** For messages. */
  name: string;
  read: () => Promise<Uint8Array>;
  /** Whether a label or broader tag is on it; undefined where nobody said. */
  isOn: (name: string) => boolean | undefined;
}

export interface LabelledPhotos {
  photos: LabelledPhoto[];
  /** The share of people's photos that a tag is on, where that is stated. */
  prevalences: ReadonlyMap<string, number>;
}

/** Far above any photo. */
const LIMITS = { maxBytes: 64 * 2 ** 20 };

const lineSchema = z.strictObject({
  file: z.string(),
  yes: z.array(z.string()),
  no: z.union([z.literal('rest'), z.array(z.string())]),
  unknown: z.array(z.string()).optional(),
});
const classesSchema = z.array(z.object({ wnid: z.string(), wordnet: z.string() }));
const prevalencesSchema = z.record(z.string(), z.number().min(0).max(1));

/**
 * Reads photos of which is known what is on them. A folder of one of three kinds:
 *
 * - a packed data set, one class a photo. Its `labels.json` has the classes' WordNet ids and words; a class that no label has is left out;
 * - with a `labels.jsonl`, a photo a line: `{"file": "a/b.jpg", "yes": ["dog", "beach"], "no": ["cat"]}`, by names of labels and
 *   broader tags; what is in neither list isn't known. With `"no": "rest"` it isn't on the photo, but for what `"unknown"` lists.
 *   A `prevalence.json` beside it may state the share of people's photos that a tag is on: `{"dog": 0.05}`;
 * - with a folder a label or broader tag, called by its name, a synonym or its WordNet id; nothing else is on its photos.
 *
 * @throws {TagmillError} `invalid-argument` if it is none of these, or names what the label set doesn't have.
 */
export async function readLabelledPhotos(directory: string, labels: readonly Label[]): Promise<LabelledPhotos> {
  const taxonomy = new Taxonomy(labels);
  const has = (name: string) => fs.existsSync(path.join(directory, name));
  if (has('validation.webps')) return { photos: await packedPhotos(directory, taxonomy), prevalences: new Map() };
  if (has('labels.jsonl')) return listedPhotos(directory, taxonomy);
  return { photos: await sortedPhotos(directory, taxonomy), prevalences: new Map() };
}

/** A class is found by its WordNet id or words. What stands about on a photo isn't known, but no other class is on it. */
async function packedPhotos(directory: string, taxonomy: Taxonomy): Promise<LabelledPhoto[]> {
  const file = path.join(directory, 'labels.json');
  const classes = parseAs(fs.readFileSync(file, 'utf8'), classesSchema, file);
  const named = classes.map(({ wnid, wordnet }) =>
    [wnid, ...wordnet.split(', ')].map((word) => taxonomy.find(word)).find((name) => name !== undefined),
  );
  const known = new Set(named.filter((name) => name !== undefined));
  const truths = named.map(
    (name) => name && taxonomy.truths({ yes: [name], no: [...known.difference(new Set([name]))] }),
  );
  const images = await readPackedImages(directory, 'validation');
  return images.flatMap(({ bytes, label }, i) => {
    if (label >= named.length) throw invalid(`${directory}: there is no class ${label}`);
    const isOn = truths[label];
    return isOn ? [{ name: `image ${i} of ${directory}`, read: async () => bytes, isOn }] : [];
  });
}

function listedPhotos(directory: string, taxonomy: Taxonomy): LabelledPhotos {
  const file = path.join(directory, 'labels.jsonl');
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  const photos = lines.flatMap((text, i) => {
    if (text.trim() === '') return [];
    const place = `${file}:${i + 1}`;
    const line = parseAs(text, lineSchema, place);
    for (const name of [...line.yes, ...(line.no === 'rest' ? [] : line.no), ...(line.unknown ?? [])])
      taxonomy.assertKnown(name, place);
    return [photo(path.join(directory, line.file), line, taxonomy)];
  });
  const stated = path.join(directory, 'prevalence.json');
  const prevalences = fs.existsSync(stated) ? parseAs(fs.readFileSync(stated, 'utf8'), prevalencesSchema, stated) : {};
  for (const name of Object.keys(prevalences)) taxonomy.assertKnown(name, stated);
  return { photos, prevalences: new Map(Object.entries(prevalences)) };
}

async function sortedPhotos(directory: string, taxonomy: Taxonomy): Promise<LabelledPhoto[]> {
  const folders = fs.readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  if (folders.length === 0) throw invalid(`${directory} is no packed data set, and has no labels.jsonl and no folders`);
  const photos: LabelledPhoto[] = [];
  for (const { name: folder } of folders) {
    const name = taxonomy.find(folder);
    if (name === undefined) throw invalid(`${path.join(directory, folder)}: no label or broader tag is called so`);
    const { files } = await expandImagePaths([path.join(directory, folder)]);
    photos.push(...files.map((file) => photo(file, { yes: [name], no: 'rest' }, taxonomy)));
  }
  return photos;
}

function photo(file: string, said: Said, taxonomy: Taxonomy): LabelledPhoto {
  return { name: file, read: () => readImage(file, LIMITS), isOn: taxonomy.truths(said) };
}

function parseAs<Schema extends z.ZodType>(text: string, schema: Schema, place: string): z.infer<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new TagmillError('invalid-argument', `${place} is not JSON`, { cause });
  }
  const { success, data, error } = schema.safeParse(json);
  if (success) return data;
  throw new TagmillError('invalid-argument', `${place}: ${z.prettifyError(error)}`, { cause: error });
}

function invalid(message: string): TagmillError {
  return new TagmillError('invalid-argument', message);
}
