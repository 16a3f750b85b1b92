import { TagmillError } from '@tagmill/core';

/** MobileNet V1, and the two networks that the paper compares it with: Table 4 and Table 5. */
export const NETWORKS = ['mobilenet-v1', 'full-convolution', 'shallow'] as const;
export type Network = (typeof NETWORKS)[number];

/** `separable` is a depthwise convolution and the pointwise one that follows it. */
export type LayerKind = 'standard' | 'depthwise' | 'pointwise' | 'fully-connected';

export interface Layer {
  /** `stem`, `block1.depthwise`, `block1.pointwise` … `classifier`. */
  name: string;
  kind: LayerKind;
  /** DK: side of the filter; 1 for pointwise and fully connected layers. */
  kernel: number;
  stride: 1 | 2;
  /** M. */
  inputChannels: number;
  /** N. */
  outputChannels: number;
  /** Side of the square feature map that goes in; 1 for the classifier. */
  inputSize: number;
  /** DF: side of the one that comes out. */
  outputSize: number;
}

export interface ArchitectureOptions {
  network: Network;
  /** Width multiplier, in (0, 1]. */
  alpha: number;
  /** Side of the input in pixels, divisible by 32: rho times 224 in the paper. */
  resolution: number;
  classes: number;
}

/** Table 1 (arXiv 1704.04861): output channels and stride of the thirteen separable blocks after the stem. */
const BLOCKS: readonly (readonly [outputChannels: number, stride: 1 | 2])[] = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
];

const STEM_CHANNELS = 32;

/** The publisher's network is never thinner than this (`min_depth` of slim's mobilenet_v1). */
const LEAST_CHANNELS = 8;

/** Table 5's shallow network lacks the five layers of 14 x 14 x 512 at stride 1. */
const NOT_IN_SHALLOW = { first: 6, last: 10 };

/**
 * The layers that have weights, in order. Batch norm and ReLU follow each but the last; a global average pool comes
 * before the classifier and a softmax after it.
 *
 * @throws {TagmillError} `invalid-argument` for an alpha outside (0, 1], a resolution not divisible by 32, or no class.
 *
 * @example
 * architecture({ network: 'mobilenet-v1', alpha: 1, resolution: 224, classes: 1000 }).length // 28
 */
export function architecture({ network, alpha, resolution, classes }: ArchitectureOptions): Layer[] {
  if (!(alpha > 0 && alpha <= 1)) throw invalid(`alpha ${alpha} is not in (0, 1]`);
  if (!(Number.isInteger(resolution) && resolution > 0 && resolution % 32 === 0)) {
    throw invalid(`resolution ${resolution} is not divisible by 32`);
  }
  if (!(Number.isInteger(classes) && classes > 0)) throw invalid(`${classes} classes`);

  const width = (channels: number) => Math.max(LEAST_CHANNELS, Math.floor(channels * alpha));
  const layers: Layer[] = [];
  let size = resolution;
  let channels = 3;
  const add = (name: string, kind: LayerKind, outputChannels: number, stride: 1 | 2) => {
    const kernel = kind === 'pointwise' ? 1 : 3;
    const outputSize = size / stride;
    layers.push({ name, kind, kernel, stride, inputChannels: channels, outputChannels, inputSize: size, outputSize });
    size = outputSize;
    channels = outputChannels;
  };

  add('stem', 'standard', width(STEM_CHANNELS), 2);
  blocksOf(network).forEach(([outputChannels, stride], i) => {
    if (network === 'full-convolution') {
      add(`block${i + 1}`, 'standard', width(outputChannels), stride);
    } else {
      add(`block${i + 1}.depthwise`, 'depthwise', channels, stride);
      add(`block${i + 1}.pointwise`, 'pointwise', width(outputChannels), 1);
    }
  });
  layers.push({
    name: 'classifier',
    kind: 'fully-connected',
    kernel: 1,
    stride: 1,
    inputChannels: channels,
    outputChannels: classes,
    inputSize: 1,
    outputSize: 1,
  });
  return layers;
}

function blocksOf(network: Network) {
  const { first, last } = NOT_IN_SHALLOW;
  return network === 'shallow' ? BLOCKS.filter((_, i) => i < first || i > last) : BLOCKS;
}

/** Elements of a layer's filters: N filters of DK x DK x M, or one of DK x DK for each channel of a depthwise layer. */
export function weightCount({ kind, kernel, inputChannels, outputChannels }: Layer): number {
  return kernel * kernel * outputChannels * (kind === 'depthwise' ? 1 : inputChannels);
}

function invalid(message: string): TagmillError {
  return new TagmillError('invalid-argument', message);
}
