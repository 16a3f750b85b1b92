import { type Layer, randomWeights, writeOnnx } from '@tagmill/mobilenet';
import { seededRandom } from './random.ts';

/** An ONNX model of these layers, with random weights that keep the activations finite. */
export function randomModel(layers: readonly Layer[], seed = 1): Uint8Array {
  return writeOnnx({
    layers,
    weights: randomWeights(layers, seededRandom(seed)),
    inputScale: 1 / 127.5,
    inputZeroPoint: 127.5,
    activation: 'relu',
    padding: 'symmetric',
    outputs: 'softmax',
  });
}
