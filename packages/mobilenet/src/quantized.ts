import { TagmillError } from '@tagmill/core';
import { type Layer, weightCount } from './architecture.ts';

/** A whole number q stands for (q - zeroPoint) · scale. */
export interface Quantization {
  scale: number;
  zeroPoint: number;
}

/** A layer's filters as signed bytes around zero, and its biases in units of input scale x filter scale. */
export interface QuantizedLayer {
  /** In the order of `LayerWeights`: output channels, input channels, height, width. */
  filters: Int8Array;
  /** One an output channel. */
  filterScales: Float32Array;
  /** One an output channel. */
  biases: Int32Array;
}

/** A network in 8-bit whole numbers: signed filters, unsigned activations. */
export interface QuantizedNetwork {
  /** What a pixel's byte stands for. */
  input: Quantization;
  /** By layer name. */
  weights: ReadonlyMap<string, QuantizedLayer>;
  /** What each layer gives, by its name, its sum with another's by `NAME.sum`, and `pool`; the classifier's logits are floats. */
  activations: ReadonlyMap<string, Quantization>;
}

/**
 * A layer's quantized weights.
 *
 * @throws {TagmillError} `invalid-model` if they are missing or don't fit the layer.
 */
export function quantizedLayerOf({ weights }: QuantizedNetwork, layer: Layer): QuantizedLayer {
  const found = weights.get(layer.name);
  if (!found) throw new TagmillError('invalid-model', `No weights for layer ${layer.name}`);
  const { filters, filterScales, biases } = found;
  const channels = layer.outputChannels;
  if (!filterScales.every(isScale)) {
    throw new TagmillError('invalid-model', `No usable quantization of the filters of layer ${layer.name}`);
  }
  if (filters.length !== weightCount(layer) || biases.length !== channels || filterScales.length !== channels) {
    throw new TagmillError(
      'invalid-model',
      `Layer ${layer.name} has ${filters.length} weights, ${filterScales.length} scales and ${biases.length} biases, ` +
        `expected ${weightCount(layer)}, ${channels} and ${channels}`,
    );
  }
  return found;
}

/**
 * How an activation is quantized.
 *
 * @throws {TagmillError} `invalid-model` if it is missing, or no quantization of unsigned bytes.
 */
export function activationOf({ activations }: QuantizedNetwork, name: string): Quantization {
  const found = activations.get(name);
  if (!found || !isScale(found.scale) || !isByte(found.zeroPoint)) {
    throw new TagmillError('invalid-model', `No usable quantization of what ${name} gives`);
  }
  return found;
}

function isScale(scale: number): boolean {
  return scale > 0 && scale < Infinity;
}

function isByte(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 255;
}
