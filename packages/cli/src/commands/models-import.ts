import fs from 'node:fs/promises';
import path from 'node:path';
import { type Label, TagmillError } from '@tagmill/core';
import { type CatalogueOptions, USER_MODELS } from '../models/catalogues.ts';
import { plainLabels } from '../models/imagenet-labels.ts';
import { parseLabels } from '../models/label-file.ts';
import { registerTflite } from '../models/register-tflite.ts';

export interface ImportOptions extends CatalogueOptions {
  family: string;
  labels?: string;
  json?: boolean;
}

/** Far above the publisher's largest, 17 MB. */
const MAX_FILE_BYTES = 256 * 2 ** 20;

/** `tagmill models import`: adds the publisher's `.tflite` to the user's own models. */
export async function importModel(file: string, options: ImportOptions): Promise<void> {
  const { family, models = USER_MODELS } = options;
  const entries = await registerTflite({
    model: await read(file, 'model'),
    family,
    models,
    source: path.basename(file),
    labelsOf: (classes) => readLabels(options.labels, file, classes),
  });
  process.stderr.write(`Added to ${models}\n`);
  const names = entries.map(({ variant }) => `${variant}\n`);
  process.stdout.write(options.json ? `${JSON.stringify({ variants: entries }, null, 2)}\n` : names.join(''));
}

/** Of the file named, or of the publisher's `*labels*.txt` beside the model. */
async function readLabels(named: string | undefined, model: string, classes: number): Promise<Label[]> {
  const file = named ?? (await labelsBeside(model));
  const text = Buffer.from(await read(file, 'label file')).toString('utf8');
  return plainLabels(parseLabels(text, { file, classes }));
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
