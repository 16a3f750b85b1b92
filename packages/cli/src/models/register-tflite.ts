import { type Label, type Precision, TagmillError } from '@tagmill/core';
import { architecture, networkCost } from '@tagmill/mobilenet';
import { importTflite } from '@tagmill/mobilenet/tflite-import';
import { type CatalogueEntry, formatVariantName, recordThresholds, registerVariant } from '@tagmill/variants';
import { PROJECT_FAMILIES } from './catalogues.ts';
import { isImagenet } from './imagenet-labels.ts';
import { imagenetThresholds } from './imagenet-thresholds.ts';

export interface TfliteImport {
  /** The publisher's `.tflite`. */
  model: Uint8Array;
  family: string;
  /** Folder of the user's catalogue. */
  models: string;
  /** Where the file came from. */
  source: string;
  /** The labels of so many classes. */
  labelsOf: (classes: number) => Label[] | Promise<Label[]>;
  /** Only the network of this precision; all that the file holds by default. */
  precision?: Precision;
}

/**
 * The central square of 87.5% of the short side. slim's own evaluation squashes the central 87.5% of both sides instead
 * (preprocessing/inception_preprocessing.py), which is less accurate on photos that aren't square: docs/decisions/03-models.md.
 */
const PUBLISHER_PREPROCESSING = { fit: 'centre-crop', centralFraction: 0.875 } as const;

/**
 * Registers the publisher's MobileNet V1 or V2 in a user's catalogue: a float file as `imagenet/0.75-192` or `imagenet/v2-1.0-224`; a quantized one as
 * `imagenet/0.75-192-int8`, and unless only that is wanted, the numbers that its bytes stand for as `imagenet/0.75-192`. Tags of ImageNet's classes get
 * thresholds.
 *
 * @returns the new entries.
 * @throws {TagmillError} `invalid-model` if the file is none, or holds none of that precision; `invalid-argument` if the
 * family is the project's own.
 */
export async function registerTflite(tflite: TfliteImport): Promise<CatalogueEntry[]> {
  const { model, family, models, source, labelsOf, precision } = tflite;
  checkFamily(family);
  const { network, alpha, resolution, classes, float32, int8 } = importTflite(model);
  const { multAdds, parameters } = networkCost(architecture({ network, alpha, resolution, classes }));
  const labelSet = await labelsOf(classes);
  if (labelSet.length !== classes) {
    throw new TagmillError('invalid-model', `${source} has ${classes} classes, its family ${labelSet.length} labels`);
  }
  const card = {
    labels: family,
    labelSet,
    preprocessing: { inputSize: resolution, ...PUBLISHER_PREPROCESSING },
    multAdds,
    parameters,
    licence: 'Apache-2.0',
  };
  const files = [
    { precision: 'float32', model: float32, source: int8 ? `${source}, its weights dequantized to float32` : source },
    ...(int8 ? [{ precision: 'int8', model: int8, source } as const] : []),
  ] as const;
  const wanted = files.filter((file) => precision === undefined || file.precision === precision);
  if (wanted.length === 0) throw new TagmillError('invalid-model', `${source} is not quantized`);
  const entries: CatalogueEntry[] = [];
  for (const { precision, ...file } of wanted) {
    const variant = formatVariantName({ family, network, alpha, resolution, precision });
    entries.push(await registerVariant(models, { variant, ...file, ...card }));
    if (isImagenet(labelSet)) await recordThresholds(models, variant, await imagenetThresholds(labelSet, card));
  }
  return entries;
}

function checkFamily(family: string): void {
  if (PROJECT_FAMILIES.includes(family)) {
    throw new TagmillError('invalid-argument', `"${family}" is the project's own family; name another with --family`);
  }
}
