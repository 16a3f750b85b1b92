import { architecture, type Layer } from './architecture.ts';
import { EVERYDAY_LAYOUT, type EverydayOptions, tensorOf, tensorsAt } from './everyday.ts';
import type { Quantization, QuantizedLayer } from './quantized.ts';
import { writeQuantizedOnnx } from './quantized-onnx.ts';
import { readSafetensors, type StoredTensor } from './safetensors.ts';

/**
 * The closest whole zero point to the 127.5 that the network was trained with; the stem's biases hold the difference. Only
 * padding, which stands for half a byte less, isn't exactly what it was.
 */
export const EVERYDAY_PIXELS: Quantization = { scale: 1 / 127.5, zeroPoint: 128 };

/** The tensor of the largest value that each layer and then the pool gives, in the order of the layers. */
export const MAXIMA = 'maxima';

/** A bias of more would not fit 32 bits. */
const MAX_BIAS = 2 ** 30;

/**
 * Builds the ONNX model of this project's own weights in 8-bit whole numbers: a safetensors file of `NAME.filters` (I8, shared
 * by the resolutions), `at96.NAME.scales` and `at96.NAME.biases` for `stem`, `block1..13.{depthwise,pointwise}` and `classifier`,
 * `at96.maxima`, as `quantizeEveryday` makes it. A label's calibration is in the classifier's scales and biases.
 *
 * @returns a model as {@link writeQuantizedOnnx} describes it.
 * @throws {TagmillError} `invalid-model` if a tensor is missing or doesn't fit the width.
 */
export function buildEverydayInt8(file: Uint8Array, { alpha, resolution }: EverydayOptions): Uint8Array {
  const tensors = tensorsAt(resolution, readSafetensors(file));
  const classes = tensorOf(tensors, 'classifier.biases').data.length;
  const layers = architecture({ network: 'mobilenet-v1', alpha, resolution, classes });
  const maxima = tensorOf(tensors, MAXIMA).data;
  const activations = new Map(
    [...layers.slice(0, -1).map(({ name }) => name), 'pool'].map((name, i) => [
      name,
      { scale: maxima[i]! / 255, zeroPoint: 0 },
    ]),
  );
  let input = EVERYDAY_PIXELS.scale;
  const weights = new Map(
    layers.map((layer): [string, QuantizedLayer] => {
      const isLast = layer.kind === 'fully-connected';
      if (isLast) input = activations.get('pool')!.scale;
      const quantized = readLayer(tensors, layer, input);
      if (!isLast) input = activations.get(layer.name)!.scale;
      return [layer.name, quantized];
    }),
  );
  return writeQuantizedOnnx({
    layers,
    network: { input: EVERYDAY_PIXELS, weights, activations },
    ...EVERYDAY_LAYOUT,
  });
}

function readLayer(tensors: ReadonlyMap<string, StoredTensor>, { name }: Layer, inputScale: number): QuantizedLayer {
  const { stored } = tensorOf(tensors, `${name}.filters`);
  const filters = stored instanceof Int8Array ? stored : Int8Array.from(stored);
  const scales = tensorOf(tensors, `${name}.scales`).data;
  const biases = tensorOf(tensors, `${name}.biases`).data;
  // Of a channel whose filters are next to nothing beside its bias, which then counts alone.
  const filterScales = scales.map((scale, i) => Math.max(scale, Math.abs(biases[i]!) / inputScale / MAX_BIAS));
  return {
    filters,
    filterScales: filterScales.map((scale) => scale || 1),
    biases: Int32Array.from(biases, (bias, i) => Math.round(bias / (inputScale * (filterScales[i]! || 1)))),
  };
}
