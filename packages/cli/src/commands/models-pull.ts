import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import path from 'node:path';
import { type Label, TagmillError, type Variant } from '@tagmill/core';
import { type Catalogue, formatVariantName, loadCatalogue } from '@tagmill/variants';
import { EXIT } from '../errors.ts';
import { interruption } from '../interruption.ts';
import { type CatalogueOptions, USER_MODELS } from '../models/catalogues.ts';
import { plainLabels } from '../models/imagenet-labels.ts';
import { parseLabels } from '../models/label-file.ts';
import { registerTflite } from '../models/register-tflite.ts';
import { downloadProgress } from '../pull/progress.ts';
import {
  ALPHAS,
  archiveOf,
  CLASSES,
  LABEL_FILE,
  PUBLISHED,
  type PublishedNetwork,
  RESOLUTIONS,
} from '../pull/publisher.ts';
import { PublisherFiles } from '../pull/publisher-files.ts';
import { unpackTflite } from '../pull/unpack.ts';

export interface PullOptions extends CatalogueOptions {
  network: Variant['network'];
  /** All that there are, unless some are named. */
  alpha?: number[];
  resolution?: number[];
  quantized: boolean;
  /** The root of a server with the publisher's files; the publisher's own if absent. */
  from?: URL;
  json?: boolean;
}

const FAMILY = 'imagenet';

/**
 * `tagmill models pull`: downloads the publisher's networks and imports them. Whenever it ends, each is in the catalogue or it
 * is not, and what is half downloaded is gone on with by the next run.
 */
export async function pullModels(options: PullOptions): Promise<void> {
  const { alpha = ALPHAS, resolution = RESOLUTIONS, models = USER_MODELS, from, json } = options;
  const networks = PUBLISHED.filter(
    (each) =>
      each.network === options.network &&
      each.quantized === options.quantized &&
      alpha.includes(each.alpha) &&
      resolution.includes(each.resolution),
  );
  if (networks.length === 0) {
    const all = PUBLISHED.filter((each) => each.network === options.network && each.quantized === options.quantized);
    const names = all.map((each) => `${each.alpha}-${each.resolution}`).join(', ');
    throw new TagmillError('invalid-argument', `The publisher has no such ${options.network}; there are: ${names}`);
  }
  const stop = new AbortController();
  void interruption().then(() => stop.abort());
  const files = new PublisherFiles({ models, root: from, signal: stop.signal, progress: downloadProgress });
  const pulled: Pulled[] = [];
  try {
    for (const network of networks) {
      const each = await pull(network, models, files);
      pulled.push(each);
      if (!json) process.stdout.write(`${each.variant}\n`);
    }
    process.stderr.write(`In ${models}\n`);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    process.stderr.write(`Interrupted: ${pulled.length} of ${networks.length} are there; the same command goes on\n`);
    process.exitCode = EXIT.interrupted;
  } finally {
    await files.close();
  }
  if (json) process.stdout.write(`${JSON.stringify({ variants: pulled }, null, 2)}\n`);
}

interface Pulled {
  variant: string;
  /** False if it was there already, whole. */
  downloaded: boolean;
}

async function pull(network: PublishedNetwork, models: string, files: PublisherFiles): Promise<Pulled> {
  const archive = archiveOf(network);
  const source = `${archive.root}${archive.path}`;
  const precision = network.quantized ? 'int8' : 'float32';
  const variant = formatVariantName({ family: FAMILY, ...network, precision });
  const catalogue = await catalogueIn(models);
  if ((await files.isPinned(archive)) && (await holds(catalogue, variant, source)))
    return { variant, downloaded: false };

  const labels = (await labelsIn(catalogue)) ?? (await publishedLabels(files));
  const labelsOf = () => labels;
  await files.use(archive, async (file) => {
    const model = await unpackTflite(file);
    await registerTflite({ model, family: FAMILY, models, source, precision, labelsOf });
  });
  return { variant, downloaded: true };
}

async function catalogueIn(models: string): Promise<Catalogue | undefined> {
  const exists = fs.existsSync(path.join(models, 'catalogue.json'));
  return exists ? loadCatalogue({ directories: [models] }) : undefined;
}

/** Whether this network is registered, from this source, and its file is the one described. */
async function holds(catalogue: Catalogue | undefined, name: string, source: string): Promise<boolean> {
  const variant = catalogue?.variants.find((each) => each.variant === name && each.source === source);
  if (!catalogue || !variant) return false;
  try {
    await catalogue.onnx(variant);
    return true;
  } catch {
    return false;
  }
}

/** Those that the family has already, since all of its variants share them. */
async function labelsIn(catalogue: Catalogue | undefined): Promise<Label[] | undefined> {
  const variant = catalogue?.variants.find(({ labels }) => labels === FAMILY);
  return variant && catalogue?.labels(variant);
}

function publishedLabels(files: PublisherFiles): Promise<Label[]> {
  return files.use(LABEL_FILE, async (file) => {
    const text = await fsPromises.readFile(file, 'utf8');
    return plainLabels(parseLabels(text, { file: LABEL_FILE.path, classes: CLASSES }));
  });
}
