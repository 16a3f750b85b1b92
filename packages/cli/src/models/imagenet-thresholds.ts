import fs from 'node:fs/promises';
import path from 'node:path';
import type { BroaderRule, Label, TagThreshold } from '@tagmill/core';
import type { ThresholdsFile } from '@tagmill/variants';
import { PROJECT_MODELS } from '../places.ts';

/** Thresholds of some of the publisher's networks, measured for all classes together: docs/models/imagenet.md. */
const FILE = path.join(PROJECT_MODELS, 'thresholds/imagenet.json');

interface MeasuredNetworks {
  measuredOn: string;
  broader: BroaderRule;
  /** From the cheapest on. */
  networks: { measured: string; multAdds: number; labels: TagThreshold; broader: TagThreshold }[];
}

/**
 * From which confidence the tags of a network for ImageNet's classes are shown: as it was measured of the most expensive network that
 * costs no more than this one, or else of the cheapest.
 *
 * @param labels `plainLabels` of the publisher's classes.
 */
export async function imagenetThresholds(
  labels: readonly Label[],
  { multAdds }: { multAdds: number },
): Promise<Omit<ThresholdsFile, 'schemaVersion'>> {
  const { measuredOn, broader, networks }: MeasuredNetworks = JSON.parse(await fs.readFile(FILE, 'utf8'));
  const nearest = networks.findLast((each) => each.multAdds <= multAdds) ?? networks[0]!;
  const names = new Set(labels.map(({ name }) => name));
  const above = labels.flatMap(({ parents }) => parents).filter((name) => !names.has(name));
  return {
    measuredOn: `${measuredOn}, by ${nearest.measured}`,
    broader,
    tags: {
      ...Object.fromEntries([...names].map((name) => [name, nearest.labels])),
      ...Object.fromEntries(above.map((name) => [name, nearest.broader])),
    },
  };
}
