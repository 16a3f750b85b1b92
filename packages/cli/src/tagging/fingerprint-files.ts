import os from 'node:os';
import type { ImageRecord, Variant } from '@tagmill/core';
import { expandImagePaths, toPrintable, withImage } from '@tagmill/image-files';
import { makeTaggedRecord, makeUntaggedRecord, Tagger } from '@tagmill/tagger';
import { loadSpace } from '@tagmill/teach/space';
import pMap from 'p-map';
import { EXIT } from '../errors.ts';
import { type CatalogueOptions, chosenVariants, openCatalogue } from '../models/catalogues.ts';
import { spaceFile } from '../models/taught-tags.ts';

export interface FingerprintOptions extends CatalogueOptions {
  variant?: string;
}

/** Looks at image files: their records, with fingerprints. One that can't be read or decoded is named and left out. */
export async function* fingerprintFiles(
  paths: readonly string[],
  options: FingerprintOptions,
): AsyncGenerator<ImageRecord> {
  const { files, unreadable } = await expandImagePaths(paths);
  for (const folder of unreadable) leaveOut(folder, 'it cannot be read');
  const catalogue = await openCatalogue(options);
  const [variant] = chosenVariants(catalogue, options);
  const embedder = await loadSpace(variant!.family, spaceFile(variant!.family));
  const tagger = new Tagger({
    onnx: (each) => catalogue.onnx(each),
    labels: (each) => catalogue.labels(each),
    thresholds: (each) => catalogue.thresholds(each),
    fingerprints: { embedder },
  });
  try {
    await tagger.preload(variant!);
    yield* await pMap(files, (file) => fingerprintFile(file, { tagger, variant: variant! }), {
      concurrency: os.availableParallelism(),
    });
  } finally {
    await tagger.close();
  }
}

async function fingerprintFile(
  file: string,
  { tagger, variant }: { tagger: Tagger; variant: Variant },
): Promise<ImageRecord> {
  const name = { path: file };
  try {
    const tagging = await withImage(file, tagger.limits, (bytes) => tagger.tag(bytes, variant));
    return { ...makeTaggedRecord(name, tagging, new Date()), fingerprint: tagging.fingerprint! };
  } catch (error) {
    const record = makeUntaggedRecord(name, error, new Date());
    leaveOut(file, record.message!);
    return record;
  }
}

function leaveOut(file: string, why: string): void {
  process.exitCode = EXIT.failed;
  process.stderr.write(`${toPrintable(file)} was left out: ${why}\n`);
}
