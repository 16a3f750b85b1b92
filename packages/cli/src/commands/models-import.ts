import fs from 'node:fs/promises';
import path from 'node:path';
import { type Label, TagmillError } from '@tagmill/core';
import { architecture, importTflite, networkCost } from '@tagmill/mobilenet';
import { formatVariantName, registerVariant } from '@tagmill/variants';
import { type CatalogueOptions, PROJECT_FAMILIES, USER_MODELS } from '../catalogues.ts';

export interface ImportOptions extends CatalogueOptions {
  family: string;
  labels?: string;
  json?: boolean;
}

/** Far above the publisher's largest, 17 MB. */
const MAX_FILE_BYTES = 256 * 2 ** 20;

/** slim's evaluation: the central 87.5% of both sides, scaled to a square (preprocessing/inception_preprocessing.py). */
const PUBLISHER_PREPROCESSING = { fit: 'squash', centralFraction: 0.875 } as const;

/** `tagmill models import`: adds the publisher's `.tflite` to the user's own models. */
export async function importModel(file: string, options: ImportOptions): Promise<void> {
  const { family, models = USER_MODELS } = options;
  if (PROJECT_FAMILIES.includes(family)) {
    throw new TagmillError('invalid-argument', `"${family}" is the project's own family; name another with --family`);
  }
  const network = importTflite(await read(file, 'model'));
  const { alpha, resolution, classes } = network;
  const variant = formatVariantName({ family, alpha, resolution, precision: 'float32' });
  const labelSet = await labelsOf(options.labels, file, classes);
  const { multAdds, parameters } = networkCost(architecture({ network: 'mobilenet-v1', alpha, resolution, classes }));
  const entry = await registerVariant(models, {
    variant,
    model: network.onnx,
    labels: family,
    labelSet,
    preprocessing: { inputSize: resolution, ...PUBLISHER_PREPROCESSING },
    multAdds,
    parameters,
    source: `${path.basename(file)}${network.quantized ? ', its weights dequantized to float32' : ''}`,
    licence: 'Apache-2.0',
  });
  process.stderr.write(`Added to ${models}\n`);
  process.stdout.write(options.json ? `${JSON.stringify(entry, null, 2)}\n` : `${variant}\n`);
}

/** The file named, or the publisher's `*labels*.txt` beside the model. */
async function labelsOf(named: string | undefined, model: string, classes: number): Promise<Label[]> {
  const file = named ?? (await labelsBeside(model));
  const text = Buffer.from(await read(file, 'label file')).toString('utf8');
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  if (lines.length !== classes) {
    throw new TagmillError('invalid-argument', `${file} has ${lines.length} labels, the model ${classes} classes`);
  }
  return lines.map((line, index) => {
    const [name, ...synonyms] = line.split(',').map((word) => word.trim());
    if (!name) throw new TagmillError('invalid-argument', `${file}: line ${index + 1} is empty`);
    return { index, name, synonyms, parents: [] };
  });
}

async function labelsBeside(model: string): Promise<string> {
  const directory = path.dirname(model);
  const [found, ...more] = (await fs.readdir(directory)).filter((name) => /labels?.*\.txt$/.test(name));
  if (!found || more.length > 0) {
    throw new TagmillError('invalid-argument', `Name the class names' file: --labels FILE, one a line`);
  }
  process.stderr.write(`Labels from ${path.join(directory, found)}\n`);
  return path.join(directory, found);
}

async function read(file: string, what: string): Promise<Uint8Array> {
  try {
    const { size } = await fs.stat(file);
    if (size > MAX_FILE_BYTES)
      throw new TagmillError('invalid-argument', `${file} is too large for a ${what}: ${size} bytes`);
    return await fs.readFile(file);
  } catch (cause) {
    if (cause instanceof TagmillError) throw cause;
    throw new TagmillError(
      'invalid-argument',
      `Cannot read the ${what} ${file}: ${(cause as NodeJS.ErrnoException).code}`,
      {
        cause,
      },
    );
  }
}
