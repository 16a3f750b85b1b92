import { type Label, TagmillError, type Variant } from '@tagmill/core';
import { asKept, Tagger } from '@tagmill/tagger';
import type { Catalogue } from '@tagmill/variants';
import pMap from 'p-map';
import type { LabelledPhoto } from './labelled-photos.ts';

export interface InferredPhotos {
  variant: Variant;
  /** One a label, photo after photo, as they would be kept. */
  scores: Float32Array[];
}

/**
 * Runs variants on photos, through the same decoding as `tagmill tag`. A photo is decoded once for all that see it alike.
 *
 * @throws {TagmillError} naming the photo that can't be decoded.
 */
export async function* inferPhotos(
  { catalogue, variants, labels }: { catalogue: Catalogue; variants: readonly Variant[]; labels: readonly Label[] },
  photos: readonly LabelledPhoto[],
): AsyncGenerator<InferredPhotos> {
  const alike = Map.groupBy(variants, ({ preprocessing }) => JSON.stringify(preprocessing));
  for (const group of alike.values()) {
    process.stderr.write(`${group.map(({ variant }) => variant).join(', ')} …\n`);
    const tagger = new Tagger({ onnx: (each) => catalogue.onnx(each), labels: async () => [...labels] });
    const scores = await pMap(photos, (photo) => inferScores(photo, tagger, group), { concurrency: 4 });
    await tagger.close();
    for (const [i, variant] of group.entries()) yield { variant, scores: scores.map((each) => each[i]!) };
  }
}

async function inferScores(
  { name, read }: LabelledPhoto,
  tagger: Tagger,
  group: readonly Variant[],
): Promise<Float32Array[]> {
  try {
    const bytes = await read();
    const pixels = await tagger.decode(bytes, await tagger.inspect(bytes), group[0]!);
    return await Promise.all(group.map(async (variant) => asKept(await tagger.infer(pixels, variant))));
  } catch (error) {
    if (!(error instanceof TagmillError)) throw error;
    throw new TagmillError(error.code, `${name}: ${error.message}`, { cause: error });
  }
}
