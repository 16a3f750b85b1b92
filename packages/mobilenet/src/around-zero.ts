import type { Quantization, QuantizedLayer } from './quantized.ts';

/** The largest magnitude of a signed byte that both signs reach. */
const STEPS = 127;

/**
 * Filters of unsigned bytes around a zero point as signed ones around zero, which ONNX Runtime multiplies in two thirds of the time
 * (docs/experiments/int8.md). A channel whose bytes are within 127 of the zero point keeps its numbers. One that reaches further, as one or
 * two do in most of the publisher's layers, gets as much larger steps, and so numbers that are off by half a step at most.
 *
 * @param bytes an output channel after the other.
 * @param biases one a channel, in units of input scale x `scale`.
 */
export function aroundZero(bytes: Uint8Array, { scale, zeroPoint }: Quantization, biases: Int32Array): QuantizedLayer {
  const channels = biases.length;
  const perChannel = bytes.length / channels;
  const factors = Float64Array.from({ length: channels }, (_, channel) => {
    const own = bytes.subarray(channel * perChannel, (channel + 1) * perChannel);
    return own.reduce((most, byte) => Math.max(most, Math.abs(byte - zeroPoint)), STEPS) / STEPS;
  });
  return {
    filters: Int8Array.from(bytes, (byte, i) => Math.round((byte - zeroPoint) / factors[Math.floor(i / perChannel)]!)),
    filterScales: Float32Array.from(factors, (factor) => factor * scale),
    biases: biases.map((bias, channel) => Math.round(bias / factors[channel]!)),
  };
}
