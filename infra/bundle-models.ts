import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { TagmillError } from '@tagmill/core';
import { PROFILES } from '@tagmill/policy';
import { loadCatalogue } from '@tagmill/variants';

const ROOT = path.join(import.meta.dirname, '..');
const PROJECT_MODELS = path.join(ROOT, 'models');

/** Where `tagmill models import` and `pull` put them. */
function userModels(): string {
  return path.join(process.env.XDG_DATA_HOME || path.join(os.homedir(), '.local/share'), 'tagmill/models');
}

export interface ModelsToBundle {
  /** Folders of catalogues. */
  folders: readonly string[];
  /** All that are there if absent. */
  family?: string;
}

/** Which models a command line asks for: see build-functions.ts. */
export function modelsToBundle({ models, family }: { models?: string[]; family?: string }): ModelsToBundle {
  if (models) return { folders: models, ...(family !== undefined && { family }) };
  const own = userModels();
  const hasOwn = fs.existsSync(path.join(own, 'catalogue.json'));
  return { folders: hasOwn ? [PROJECT_MODELS, own] : [PROJECT_MODELS], family: family ?? configuredFamily() };
}

/** Of the stack's options in cdk.json. */
function configuredFamily(): string {
  const { context } = JSON.parse(fs.readFileSync(path.join(ROOT, 'cdk.json'), 'utf8'));
  const { family = 'everyday', variant } = context.tagmill ?? {};
  return variant?.split('/')[0] ?? family;
}

/**
 * Copies models, their labels, their families' embeddings where there are any, and the latency profiles, and writes the one catalogue that has them all. Where no folder has a
 * profile they come with the project's: what was not measured is predicted from the mult-adds.
 *
 * @throws {TagmillError} `invalid-catalogue` if a folder's catalogue is none, or names a file that isn't there; `unknown-variant` if no
 * folder has the family.
 */
export async function bundleModels({ folders, family }: ModelsToBundle, to: string): Promise<void> {
  const { variants, labelSets, thresholds } = await mergedCatalogue({
    folders,
    ...(family !== undefined && { family }),
  });
  const copy = (from: string, name: string) => {
    if (!fs.existsSync(from))
      throw new TagmillError('invalid-catalogue', `A catalogue names ${from}, which isn't there`);
    fs.cpSync(from, path.join(to, name));
  };
  const profiles = profilesIn(folders);
  for (const profile of profiles.length > 0 ? profiles : profilesIn([PROJECT_MODELS])) {
    copy(profile, path.join(PROFILES, path.basename(profile)));
  }
  for (const { from, name } of [...variants, ...labelSets, ...thresholds]) copy(from, name);
  for (const each of new Set(variants.map(({ entry }) => entry.variant.split('/')[0]!))) {
    const name = `embeddings/${each}.safetensors`;
    const folder = folders.find((one) => fs.existsSync(path.join(one, name)));
    if (folder !== undefined) copy(path.join(folder, name), name);
  }
  const catalogue = {
    schemaVersion: 1,
    labelSets: Object.fromEntries(labelSets.map(({ labels, name }) => [labels, name])),
    variants: variants.map(({ entry, name, thresholds }) => ({
      ...entry,
      file: name,
      ...(thresholds && { thresholds }),
    })),
  };
  fs.writeFileSync(path.join(to, 'catalogue.json'), JSON.stringify(catalogue));
}

function profilesIn(folders: readonly string[]): string[] {
  return folders.flatMap((folder) => fs.globSync(path.join(folder, PROFILES, '*.json')));
}

/** Copies the label sets alone, whose synonyms are asked for, and the names of the variants. */
export async function bundleLabels(models: ModelsToBundle, to: string): Promise<void> {
  const { variants, labelSets } = await mergedCatalogue(models);
  for (const { from, labels } of labelSets) fs.cpSync(from, path.join(to, 'labels', `${labels}.json`));
  const names = variants.map(({ entry: { variant } }) => ({ variant }));
  fs.writeFileSync(path.join(to, 'catalogue.json'), JSON.stringify({ variants: names }));
}

/** An entry of a catalogue, and where its file comes from and goes. */
interface Placed {
  from: string;
  name: string;
}

async function mergedCatalogue({ folders, family }: ModelsToBundle) {
  const catalogue = await loadCatalogue({ directories: folders });
  const chosen = family === undefined ? catalogue.variants : catalogue.family(family);
  const names = new Set(chosen.map(({ variant }) => variant));
  const used = new Set(chosen.map(({ labels }) => labels));
  const variants: (Placed & { entry: { variant: string }; thresholds?: string })[] = [];
  const thresholds: Placed[] = [];
  const labelSets: (Placed & { labels: string })[] = [];
  folders.forEach((folder, i) => {
    // What the first folder has stays where it is there; that of the others can't be in its way.
    const placed = (file: string): Placed => ({
      from: path.join(folder, file),
      name: i === 0 ? file : path.join(String(i), file),
    });
    const read = JSON.parse(fs.readFileSync(path.join(folder, 'catalogue.json'), 'utf8'));
    for (const [labels, file] of Object.entries<string>(read.labelSets)) {
      if (used.has(labels)) labelSets.push({ ...placed(file), labels });
    }
    for (const entry of read.variants) {
      if (!names.has(entry.variant)) continue;
      const shown = entry.thresholds === undefined ? undefined : placed(entry.thresholds);
      if (shown) thresholds.push(shown);
      variants.push({ ...placed(entry.file), entry, ...(shown && { thresholds: shown.name }) });
    }
  });
  return { variants, labelSets, thresholds };
}
