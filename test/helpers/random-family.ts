import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { architecture, networkCost } from '@tagmill/mobilenet';
import { ROOT } from './command.ts';
import { randomModel } from './random-model.ts';

/** Far apart in time; what they see is noise, so their accuracies are made up. */
const MEMBERS = [
  { alpha: 0.25, resolution: 64, top1: 0.3 },
  { alpha: 0.75, resolution: 192, top1: 0.5 },
  { alpha: 1, resolution: 448, top1: 0.7 },
] as const;

export const FASTEST = 'random/0.25-64';
export const MIDDLE = 'random/0.75-192';
export const MOST_ACCURATE = 'random/1-448';

/** Writes a catalogue of three variants with random weights, and this project's latency profiles beside it. */
export function writeRandomFamily(directory: string): void {
  const labels = Array.from({ length: 10 }, (_, index) => ({
    index,
    name: `thing ${index}`,
    synonyms: [],
    parents: [],
  }));
  const variants = MEMBERS.map(({ alpha, resolution, top1 }) => {
    const layers = architecture({ network: 'mobilenet-v1', alpha, resolution, classes: labels.length });
    const model = randomModel(layers);
    const file = `${alpha}-${resolution}.onnx`;
    fs.writeFileSync(path.join(directory, file), model);
    return {
      variant: `random/${alpha}-${resolution}`,
      file,
      sha256: createHash('sha256').update(model).digest('hex'),
      labels: 'things',
      preprocessing: { inputSize: resolution, fit: 'centre-crop', centralFraction: 1 },
      ...networkCost(layers),
      sizeBytes: model.length,
      top1,
      source: 'a seeded random source',
      licence: 'Apache-2.0',
    };
  });
  fs.writeFileSync(path.join(directory, 'labels.json'), JSON.stringify(labels));
  const catalogue = { schemaVersion: 1, labelSets: { things: 'labels.json' }, variants };
  fs.writeFileSync(path.join(directory, 'catalogue.json'), JSON.stringify(catalogue));
  fs.cpSync(path.join(ROOT, 'models/profiles'), path.join(directory, 'profiles'), { recursive: true });
}
