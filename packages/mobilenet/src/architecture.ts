import { TagmillError } from '@tagmill/core';

/** MobileNet V1, the two networks that its paper compares it with (Table 4 and Table 5), and MobileNetV2. */
export const NETWORKS = ['mobilenet-v1', 'full-convolution', 'shallow', 'mobilenet-v2'] as const;
export type Network = (typeof NETWORKS)[number];

/** `separable` is a depthwise convolution and the pointwise one that follows it. */
export type LayerKind = 'standard' | 'depthwise' | 'pointwise' | 'fully-connected';

export interface Layer {
  /**
   * `stem`, `block1.depthwise`, `block1.pointwise` … `classifier`; of MobileNetV2 `block1.depthwise`, `block1.projection`,
   * `block2.expansion` …, and `head` before the classifier.
   */
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
  /** No activation follows: a linear bottleneck. */
  isLinear?: true;
  /** The layer to whose output, with what was added to that, this one's is added. */
  residual?: string;
}

export interface ArchitectureOptions {
  network: Network;
  /** Width multiplier, in (0, 1]; of MobileNetV2 up to 1.4. */
  alpha: number;
  /** Side of the input in pixels, divisible by 32: rho times 224 in the paper. */
  resolution: number;
  classes: number;
}

/**
 * Table 2 (arXiv 1801.04381): bottlenecks of MobileNetV2, each line repeated; the stride is that of the first of them. The channels in
 * between are `expansion` times those that come in.
 */
export const BOTTLENECKS: readonly { expansion: number; outputChannels: number; repeats: number; stride: 1 | 2 }[] = [
  { expansion: 1, outputChannels: 16, repeats: 1, stride: 1 },
  { expansion: 6, outputChannels: 24, repeats: 2, stride: 2 },
  { expansion: 6, outputChannels: 32, repeats: 3, stride: 2 },
  { expansion: 6, outputChannels: 64, repeats: 4, stride: 2 },
  { expansion: 6, outputChannels: 96, repeats: 3, stride: 1 },
  { expansion: 6, outputChannels: 160, repeats: 3, stride: 2 },
  { expansion: 6, outputChannels: 320, repeats: 1, stride: 1 },
];

/** Before the pool of MobileNetV2; thinner networks have as many (section 6.1). */
const HEAD_CHANNELS = 1280;

/** MobileNetV2's channels come in eights. */
const CHANNEL_STEP = 8;

/** MobileNetV2's largest width multiplier: Table 4. */
const MAX_ALPHA_V2 = 1.4;

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
 * The layers that have weights, in order. Batch norm follows each but the last, and ReLU where they aren't linear; a global average
 * pool comes before the classifier and a softmax after it.
 *
 * @throws {TagmillError} `invalid-argument` for an alpha that is not above 0 or too large, a resolution not divisible by 32, or no class.
 *
 * @example
 * architecture({ network: 'mobilenet-v1', alpha: 1, resolution: 224, classes: 1000 }).length // 28
 */
export function architecture({ network, alpha, resolution, classes }: ArchitectureOptions): Layer[] {
  const largest = network === 'mobilenet-v2' ? MAX_ALPHA_V2 : 1;
  if (!(alpha > 0 && alpha <= largest)) throw invalid(`alpha ${alpha} is not in (0, ${largest}]`);
  if (!(Number.isInteger(resolution) && resolution > 0 && resolution % 32 === 0)) {
    throw invalid(`resolution ${resolution} is not divisible by 32`);
  }
  if (!(Number.isInteger(classes) && classes > 0)) throw invalid(`${classes} classes`);

  const isV2 = network === 'mobilenet-v2';
  const width = (channels: number) =>
    isV2 ? inSteps(channels * alpha) : Math.max(LEAST_CHANNELS, Math.floor(channels * alpha));
  const layers: Layer[] = [];
  let size = resolution;
  let channels = 3;
  const add = (
    name: string,
    kind: LayerKind,
    outputChannels: number,
    stride: 1 | 2,
    more: Pick<Layer, 'isLinear' | 'residual'> = {},
  ) => {
    const kernel = kind === 'pointwise' ? 1 : 3;
    const outputSize = size / stride;
    const sizes = { inputChannels: channels, outputChannels, inputSize: size, outputSize };
    layers.push({ name, kind, kernel, stride, ...sizes, ...more });
    size = outputSize;
    channels = outputChannels;
  };

  add('stem', 'standard', width(STEM_CHANNELS), 2);
  if (isV2) {
    for (const { name, expansion, outputChannels, stride } of bottlenecks()) {
      // From one bottleneck to the next, where both are alike (section 3.3).
      const before = layers.at(-1)!;
      const isResidual = stride === 1 && channels === width(outputChannels) && before.isLinear;
      if (expansion > 1) add(`${name}.expansion`, 'pointwise', inSteps(channels * expansion), 1);
      add(`${name}.depthwise`, 'depthwise', channels, stride);
      const more = isResidual ? { residual: before.name } : {};
      add(`${name}.projection`, 'pointwise', width(outputChannels), 1, { isLinear: true, ...more });
    }
    add('head', 'pointwise', Math.max(width(HEAD_CHANNELS), HEAD_CHANNELS), 1);
  }
  listBlocks(network).forEach(([outputChannels, stride], i) => {
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

/** To the nearest eight, and not down by more than a tenth: `make_divisible` of slim's mobilenet. */
function inSteps(channels: number): number {
  const nearest = Math.max(CHANNEL_STEP, Math.floor((channels + CHANNEL_STEP / 2) / CHANNEL_STEP) * CHANNEL_STEP);
  return nearest < 0.9 * channels ? nearest + CHANNEL_STEP : nearest;
}

/** One by one. */
function bottlenecks() {
  return BOTTLENECKS.flatMap(({ repeats, stride, ...shape }) =>
    Array.from({ length: repeats }, (_, i) => ({ ...shape, stride: i === 0 ? stride : (1 as const) })),
  ).map((each, i) => ({ name: `block${i + 1}`, ...each }));
}

/** Of the networks with the blocks of Table 1. */
function listBlocks(network: Network) {
  if (network === 'mobilenet-v2') return [];
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
