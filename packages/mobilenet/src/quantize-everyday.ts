import { TagmillError } from '@tagmill/core';
import type { Layer } from './architecture.ts';
import { correctedBiases } from './bias-correction.ts';
import { type ChannelStatistics, channelStatistics, type Observations } from './channel-statistics.ts';
import { equalizationFactors, equalizeChannels } from './equalization.ts';
import { everydayNetwork } from './everyday.ts';
import { EVERYDAY_PIXELS, MAXIMA } from './everyday-int8.ts';
import { type FilterBytes, quantizeFilters } from './filter-bytes.ts';
import { writeOnnx } from './onnx.ts';
import { readSafetensors, type TensorData, writeSafetensors } from './safetensors.ts';
import type { LayerWeights } from './weights.ts';

export interface QuantizeEverydayOptions {
  /** Width multiplier of the weights. */
  alpha: number;
  resolutions: readonly number[];
  /** Means of the images' red, green and blue, 0 to 255. */
  pixelMeans: readonly number[];
  /** Runs an ONNX model on the images to calibrate with; its input is `images`, of that resolution. */
  observe: (model: Uint8Array, resolution: number) => Observations;
}

/** A network at one resolution and what was seen of it. */
interface Observed {
  resolution: number;
  network: ReturnType<typeof everydayNetwork>;
  statistics: Map<string, ChannelStatistics>;
}

/**
 * Quantizes this project's own weights after training: channels evened out between layers, filters rounded to signed bytes with
 * a scale for each output channel, biases corrected for the rounding.
 *
 * @param file the float weights, as `buildEveryday` describes them.
 * @returns a file as `buildEverydayInt8` describes it.
 * @throws {TagmillError} `invalid-model` if a tensor is missing or doesn't fit, or filters differ by resolution by more than
 * a factor for each output channel.
 */
export async function quantizeEveryday(file: Uint8Array, options: QuantizeEverydayOptions): Promise<Uint8Array> {
  const { alpha, resolutions, pixelMeans, observe } = options;
  const tensors = readSafetensors(file);
  const all: Observed[] = [];
  for (const resolution of resolutions) {
    const network = everydayNetwork(tensors, { alpha, resolution });
    const model = writeOnnx({ ...network, observed: true });
    all.push({ resolution, network, statistics: await channelStatistics(network.layers, observe(model, resolution)) });
  }
  const { layers, weights } = all[0]!.network;
  const factors = equalizationFactors(layers, weights, findLargest(all.map(({ statistics }) => statistics)));
  factors.set('pool', factors.get(layers.at(-2)!.name)!);

  const quantized = new Map<string, TensorData>();
  for (const each of all) addQuantized(quantized, each, factors, pixelMeans);
  return writeSafetensors(quantized, (name) => (name.endsWith('.filters') ? 'I8' : 'F32'));
}

/** Adds the tensors of a resolution, its channels divided by the factors. */
function addQuantized(
  quantized: Map<string, TensorData>,
  { resolution, network: { layers, weights }, statistics }: Observed,
  factors: ReadonlyMap<string, Float32Array>,
  pixelMeans: readonly number[],
): void {
  const add = (name: string, data: Float32Array) =>
    quantized.set(`at${resolution}.${name}`, { shape: [data.length], data });
  const largest = [...statistics].map(([name, { maxima }]) => Math.max(...dividedBy(maxima, factors.get(name)!)));
  add(MAXIMA, Float32Array.from(largest));
  const evened = equalizeChannels(layers, weights, factors);
  let means = Float32Array.from(pixelMeans, (mean) => (mean - EVERYDAY_PIXELS.zeroPoint) * EVERYDAY_PIXELS.scale);
  for (const layer of layers) {
    const { filters, biases } = evened.get(layer.name)!;
    const bytes = shareBytes(quantized, layer, quantizeFilters({ filters, biases }));
    const shifted = layer.name === 'stem' ? shiftedBiases({ filters, biases }) : biases;
    add(`${layer.name}.scales`, bytes.scales);
    add(`${layer.name}.biases`, correctedBiases(layer, { filters, biases: shifted }, bytes, means));
    const seen = statistics.get(layer.name);
    if (seen) means = dividedBy(seen.means, factors.get(layer.name)!);
  }
}

/** By layer and channel, over the resolutions. */
function findLargest(all: readonly ReadonlyMap<string, ChannelStatistics>[]): Map<string, Float32Array> {
  const [first, ...others] = all;
  return new Map(
    [...first!].map(([name, { maxima }]) => [
      name,
      maxima.map((maximum, channel) => Math.max(maximum, ...others.map((each) => each.get(name)!.maxima[channel]!))),
    ]),
  );
}

/** Batch norms and calibrations of other resolutions scale whole output channels, so that all have the bytes of the first. */
function shareBytes(quantized: Map<string, TensorData>, { name, ...layer }: Layer, bytes: FilterBytes): FilterBytes {
  const key = `${name}.filters`;
  const known = quantized.get(key)?.data;
  if (!known) {
    const depth = layer.kind === 'depthwise' ? 1 : layer.inputChannels;
    const shape = [layer.outputChannels, depth, layer.kernel, layer.kernel];
    quantized.set(key, { shape, data: Float32Array.from(bytes.filters) });
    return bytes;
  }
  // A number half way between two bytes may be rounded to either.
  if (bytes.filters.some((byte, i) => Math.abs(byte - known[i]!) > 1)) {
    throw new TagmillError('invalid-model', `The filters of ${name} differ by resolution`);
  }
  return { filters: Int8Array.from(known), scales: bytes.scales };
}

/** The network was trained with pixels around 127.5, the bytes are read around 128: half a byte, in all taps of the stem. */
function shiftedBiases({ filters, biases }: LayerWeights): Float32Array {
  const perOutput = filters.length / biases.length;
  return biases.map((bias, output) => {
    const sum = filters.subarray(output * perOutput, (output + 1) * perOutput).reduce((a, b) => a + b, 0);
    return bias + sum * (EVERYDAY_PIXELS.zeroPoint - 127.5) * EVERYDAY_PIXELS.scale;
  });
}

function dividedBy(values: Float32Array, divisors: Float32Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(values, (value, i) => value / divisors[i]!);
}
