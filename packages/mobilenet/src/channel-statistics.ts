import type { Layer } from './architecture.ts';

/** What was seen of a layer's channels on some images. */
export interface ChannelStatistics {
  maxima: Float32Array;
  means: Float32Array;
}

/** The outputs of a model that `writeOnnx` made `observed`, batch by batch. */
export type Observations = AsyncIterable<Readonly<Record<string, Float32Array>>>;

/** The largest and the mean value of each channel of each layer but the classifier, and of `pool`. */
export async function channelStatistics(
  layers: readonly Layer[],
  observations: Observations,
): Promise<Map<string, ChannelStatistics>> {
  const found = new Map<string, ChannelStatistics & { planes: number }>();
  for await (const outputs of observations) {
    for (const { name, channels, area, values } of observed(layers, outputs)) {
      const known = found.get(name) ?? {
        maxima: new Float32Array(channels),
        means: new Float32Array(channels),
        planes: 0,
      };
      for (let plane = 0; plane < values.length / area; plane++) {
        const { maximum, mean } = summary(values.subarray(plane * area, (plane + 1) * area));
        const channel = plane % channels;
        known.maxima[channel] = Math.max(known.maxima[channel]!, maximum);
        known.means[channel]! += mean;
      }
      known.planes += values.length / area / channels;
      found.set(name, known);
    }
  }
  return new Map(
    [...found].map(([name, { maxima, means, planes }]) => [name, { maxima, means: means.map((sum) => sum / planes) }]),
  );
}

function* observed(layers: readonly Layer[], outputs: Readonly<Record<string, Float32Array>>) {
  const convolutions = layers.slice(0, -1);
  for (const { name, outputChannels, outputSize } of convolutions) {
    yield { name, channels: outputChannels, area: outputSize ** 2, values: outputs[name]! };
  }
  const { name, outputChannels, outputSize } = convolutions.at(-1)!;
  const area = outputSize ** 2;
  const last = outputs[name]!;
  const pooled = Float32Array.from({ length: last.length / area }, (_, plane) => {
    return summary(last.subarray(plane * area, (plane + 1) * area)).mean;
  });
  yield { name: 'pool', channels: outputChannels, area: 1, values: pooled };
}

function summary(values: Float32Array): { maximum: number; mean: number } {
  let maximum = 0;
  let sum = 0;
  for (const value of values) {
    if (value > maximum) maximum = value;
    sum += value;
  }
  return { maximum, mean: sum / values.length };
}
