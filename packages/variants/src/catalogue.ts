import path from 'node:path';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { type Label, listFaults, TagmillError, type Thresholds, type Variant, validate } from '@tagmill/core';
import { parseVariantName } from './name.ts';
import { readBytes } from './read-bytes.ts';
import { catalogueSchema, labelsSchema, thresholdsSchema } from './schema.ts';

/** The variants that are there to choose from, with their labels and models. */
export class Catalogue {
  readonly variants: readonly Variant[];
  readonly #labelFiles: ReadonlyMap<string, string>;
  readonly #directories: ReadonlyMap<string, string>;

  constructor(
    variants: readonly Variant[],
    labelFiles: ReadonlyMap<string, string>,
    directories: ReadonlyMap<string, string>,
  ) {
    this.variants = variants;
    this.#labelFiles = labelFiles;
    this.#directories = directories;
  }

  /** The folder whose catalogue describes this variant. */
  directoryOf({ variant }: Variant): string {
    return this.#directories.get(variant)!;
  }

  /**
   * The variant of that name.
   *
   * @throws {TagmillError} `unknown-variant`, listing those that exist.
   */
  find(name: string): Variant {
    const found = this.variants.find(({ variant }) => variant === name);
    if (found) return found;
    throw unknown(
      'variant',
      name,
      this.variants.map(({ variant }) => variant),
    );
  }

  /**
   * The family's variants, most accurate first; those that nobody has measured come last, most mult-adds first. Each int8 variant comes
   * after the float one that it was made of. If it was measured to be more accurate, that was chance.
   *
   * @throws {TagmillError} `unknown-variant`, listing the families that exist.
   */
  family(name: string): Variant[] {
    const members = this.variants.filter(({ family }) => family === name);
    if (members.length === 0) throw unknown('family', name, [...new Set(this.variants.map(({ family }) => family))]);
    const isInt8 = ({ precision }: Variant) => Number(precision === 'int8');
    return members.sort((a, b) => isInt8(a) - isInt8(b) || (b.top1 ?? 0) - (a.top1 ?? 0) || b.multAdds - a.multAdds);
  }

  /** The labels of a variant's classes, in the order of its scores. */
  async labels({ labels }: Pick<Variant, 'labels'>): Promise<Label[]> {
    const file = this.#labelFiles.get(labels);
    if (!file) throw new TagmillError('invalid-catalogue', `No catalogue has the label set "${labels}"`);
    return (await readJson(file, labelsSchema)) as Label[];
  }

  /**
   * When the tags of the variant of that name are worth showing; undefined where nobody has measured it.
   *
   * @throws {TagmillError} `unknown-variant`; `invalid-catalogue` if they can't be read.
   */
  async thresholds(name: string): Promise<Thresholds | undefined> {
    const { thresholds } = this.find(name);
    return thresholds === undefined ? undefined : readJson(thresholds, thresholdsSchema);
  }

  /** The model of one of them: see `loadOnnx`, which is loaded when a model is. */
  async onnx(variant: Variant): Promise<Uint8Array> {
    const { loadOnnx } = await import('./model-file.ts');
    return loadOnnx(variant);
  }
}

export interface LoadCatalogueOptions {
  /** Folders with a `catalogue.json`. */
  directories: readonly string[];
}

/**
 * Reads one or more catalogues as one.
 *
 * @throws {TagmillError} `invalid-catalogue` if one is malformed or two of them describe the same variant.
 */
export async function loadCatalogue({ directories }: LoadCatalogueOptions): Promise<Catalogue> {
  const variants = new Map<string, Variant>();
  const labelFiles = new Map<string, string>();
  const owners = new Map<string, string>();
  for (const directory of directories) {
    const file = path.join(directory, 'catalogue.json');
    const { labelSets, variants: entries } = await readJson(file, catalogueSchema);
    for (const [name, relative] of Object.entries(labelSets)) {
      if (labelFiles.has(name)) throw new TagmillError('invalid-catalogue', `${file}: label set "${name}" is taken`);
      labelFiles.set(name, path.join(directory, relative));
    }
    for (const entry of entries) {
      if (variants.has(entry.variant)) {
        throw new TagmillError('invalid-catalogue', `${file}: ${entry.variant} is described twice`);
      }
      owners.set(entry.variant, directory);
      variants.set(entry.variant, {
        ...parseVariantName(entry.variant),
        ...entry,
        file: path.join(directory, entry.file),
        ...(entry.thresholds !== undefined && { thresholds: path.join(directory, entry.thresholds) }),
      } as Variant);
    }
  }
  return new Catalogue([...variants.values()], labelFiles, owners);
}

/**
 * Reads a JSON file by its schema, of whichever library.
 *
 * @throws {TagmillError} `invalid-catalogue` if it can't be read, is not JSON, or not what the schema describes.
 */
export async function readJson<Schema extends StandardSchemaV1>(
  file: string,
  schema: Schema,
): Promise<StandardSchemaV1.InferOutput<Schema>> {
  const text = Buffer.from(await readBytes(file)).toString('utf8');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new TagmillError('invalid-catalogue', `${file} is not JSON`, { cause });
  }
  const result = validate(schema, json);
  if (!result.issues) return result.value;
  throw new TagmillError('invalid-catalogue', `${file}: ${listFaults(result.issues)[0]}`, { cause: result.issues });
}

function unknown(kind: 'variant' | 'family', name: string, allowed: readonly string[]): TagmillError {
  return new TagmillError('unknown-variant', `Unknown ${kind} "${name}"; there are: ${allowed.join(', ')}`);
}
