import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Label } from '@tagmill/core';
import { ROOT } from '../../../../test/helpers/command.ts';
import { isImagenet } from '../../src/models/imagenet-labels.ts';
import { imagenetThresholds } from '../../src/models/imagenet-thresholds.ts';

const labels: Label[] = JSON.parse(fs.readFileSync(path.join(ROOT, 'models/labels/imagenet.json'), 'utf8'));
const of = async (multAdds: number) => (await imagenetThresholds(labels, { multAdds })).tags.collie!.shown;

describe('thresholds of the publisher’s networks', () => {
  test('are those of the most expensive measured network that costs no more, or of the cheapest', async () => {
    const measured = await Promise.all([10e6, 13.6e6, 100e6, 240e6, 569e6].map(of));
    expect(measured).toEqual([0.7913, 0.7913, 0.5766, 0.5338, 0.5]);
  });

  test('are there for each class and each broader tag', async () => {
    const chosen = await imagenetThresholds(labels, { multAdds: 240e6 });
    const names = [...labels.map(({ name }) => name), ...labels.flatMap(({ parents }) => parents)];
    expect(new Set(Object.keys(chosen.tags))).toEqual(new Set(names));
    // A class that stands above others, too, has a class's.
    expect(chosen.tags.dog).toEqual({ shown: 0.5, sure: 0.6761 });
  });

  test('are for these classes alone', () => {
    expect(isImagenet(labels)).toBe(true);
    expect(isImagenet(labels.slice(0, 1000))).toBe(false);
    expect(isImagenet(labels.map(({ wnid: _, ...label }) => label))).toBe(false);
  });
});
