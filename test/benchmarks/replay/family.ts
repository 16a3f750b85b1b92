import type { Variant } from '@tagmill/core';
import { architecture, networkCost } from '@tagmill/mobilenet';

/** Top-1 on ILSVRC-2012's validation set as the publisher states it for 224, 192, 160 and 128 pixels: MobileNet_v1's page. */
const PUBLISHED_TOP1: Readonly<Record<number, readonly number[]>> = {
  1: [70.9, 70.0, 68.0, 65.2],
  0.75: [68.4, 67.2, 65.3, 62.1],
  0.5: [63.3, 61.7, 59.1, 56.3],
  0.25: [49.8, 47.7, 45.5, 41.5],
};
const RESOLUTIONS = [224, 192, 160, 128];

/** The publisher's sixteen variants: only what the policy asks of them. */
export const FAMILY: readonly Variant[] = Object.entries(PUBLISHED_TOP1).flatMap(([alpha, figures]) =>
  figures.map((percent, index) => {
    const resolution = RESOLUTIONS[index]!;
    const layers = architecture({ network: 'mobilenet-v1', alpha: Number(alpha), resolution, classes: 1001 });
    return {
      variant: `imagenet/${alpha}-${resolution}`,
      top1: percent / 100,
      multAdds: networkCost(layers).multAdds,
      preprocessing: { inputSize: 64 },
    } as Variant;
  }),
);
