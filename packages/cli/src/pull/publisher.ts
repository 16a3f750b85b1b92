import type { Variant } from '@tagmill/core';

/** Where Google publishes MobileNet V1: models/slim/nets/mobilenet_v1.md of tensorflow/models. */
export const PUBLISHER = 'https://download.tensorflow.org/';

/** Where it publishes MobileNetV2: models/slim/nets/mobilenet/README.md there. */
const PUBLISHER_V2 = 'https://storage.googleapis.com/';

export interface PublishedNetwork {
  network: Variant['network'];
  alpha: number;
  resolution: number;
  quantized: boolean;
}

const V1 = [0.25, 0.5, 0.75, 1].flatMap((alpha) => [128, 160, 192, 224].map((resolution) => ({ alpha, resolution })));
const V2 = [
  ...[0.35, 0.5, 0.75, 1].flatMap((alpha) => [96, 128, 160, 192, 224].map((resolution) => ({ alpha, resolution }))),
  ...[1.3, 1.4].map((alpha) => ({ alpha, resolution: 224 })),
];

/** All that there is. Of MobileNetV2's quantized networks one is published as a `.tflite`. */
export const PUBLISHED: readonly PublishedNetwork[] = [
  ...[false, true].flatMap((quantized) => V1.map((each) => ({ network: 'mobilenet-v1' as const, ...each, quantized }))),
  ...V2.map((each) => ({ network: 'mobilenet-v2' as const, ...each, quantized: false })),
  { network: 'mobilenet-v2', alpha: 1, resolution: 224, quantized: true },
];

export const ALPHAS: readonly number[] = listValues(({ alpha }) => alpha);
export const RESOLUTIONS: readonly number[] = listValues(({ resolution }) => resolution);

/** ImageNet's thousand, after `background`. */
export const CLASSES = 1001;

/** A file of the publisher's. */
export interface PublishedFile {
  /** The publisher's root. */
  root: string;
  /** Below that, or a mirror's root. */
  path: string;
  /** A longer one is refused: far above what its content can come to. */
  maxBytes: number;
}

/** The classes' names, background first, as TensorFlow's guides to these networks fetch them. */
export const LABEL_FILE: PublishedFile = { root: PUBLISHER, path: 'data/ImageNetLabels.txt', maxBytes: 2 ** 20 };

/**
 * The archive of a network: a `.tgz` with its `.tflite`, beside checkpoints and graphs that are of no use here.
 *
 * @example
 * archiveOf({ network: 'mobilenet-v1', alpha: 1, resolution: 224, quantized: true }).path
 * // 'models/mobilenet_v1_2018_08_02/mobilenet_v1_1.0_224_quant.tgz'
 */
export function archiveOf({ network, alpha, resolution, quantized }: PublishedNetwork): PublishedFile {
  const width = Number.isInteger(alpha) ? alpha.toFixed(1) : String(alpha);
  const name = `${network.replace('-', '_')}_${width}_${resolution}${quantized ? '_quant' : ''}.tgz`;
  const maxBytes = 256 * 2 ** 20;
  if (network === 'mobilenet-v1') return { root: PUBLISHER, path: `models/mobilenet_v1_2018_08_02/${name}`, maxBytes };
  return quantized
    ? { root: PUBLISHER, path: `models/tflite_11_05_08/${name}`, maxBytes }
    : { root: PUBLISHER_V2, path: `mobilenet_v2/checkpoints/${name}`, maxBytes };
}

/** In rising order. */
function listValues(value: (network: PublishedNetwork) => number): number[] {
  return [...new Set(PUBLISHED.map(value))].sort((a, b) => a - b);
}
