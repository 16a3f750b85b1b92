import { writeOnnx } from './onnx.ts';
import { writeQuantizedOnnx } from './quantized-onnx.ts';
import { readTfliteNetwork, type TfliteNetwork } from './tflite-network.ts';
import { floatWeights, quantizedWeights } from './tflite-weights.ts';

export interface ImportedNetwork {
  network: TfliteNetwork['network'];
  /** Width multiplier. */
  alpha: number;
  /** Side of the square that goes in, in pixels. */
  resolution: number;
  classes: number;
  /** A model in float32 as `writeOnnx` describes it; of a quantized file, what its bytes stand for. */
  float32: Uint8Array;
  /** A model in the whole numbers of a quantized file, as `writeQuantizedOnnx` describes it. */
  int8?: Uint8Array;
}

/** The publisher's float files say nothing of their input; slim scales it to [-1, 1]. */
const FLOAT_INPUT = { scale: 1 / 127.5, zeroPoint: 127.5 };

/**
 * Turns the publisher's `.tflite` of a MobileNet V1 or V2, float or quantized, into ONNX models.
 *
 * @throws {TagmillError} `invalid-model`, naming the layer at which the graph is no MobileNet and how it differs.
 */
export function importTflite(bytes: Uint8Array): ImportedNetwork {
  const read = readTfliteNetwork(bytes);
  const { network, alpha, input, layers } = read;
  const resolution = layers[0]!.inputSize;
  const common = {
    layers,
    inputSize: resolution,
    activation: 'relu6',
    padding: 'tensorflow-same',
    outputs: 'softmax',
  } as const;
  const quantized = input.quantization && quantizedWeights(read);
  const { scale: inputScale, zeroPoint: inputZeroPoint } = quantized?.input ?? FLOAT_INPUT;
  return {
    network,
    alpha,
    resolution,
    classes: layers.at(-1)!.outputChannels,
    float32: writeOnnx({ ...common, weights: floatWeights(read), inputScale, inputZeroPoint }),
    ...(quantized && { int8: writeQuantizedOnnx({ ...common, network: quantized }) }),
  };
}
