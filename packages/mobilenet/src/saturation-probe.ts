import { OnnxGraph } from './onnx-graph.ts';

/** As in a small pointwise layer. */
const CHANNELS = 64;
const SIDE = 4;

/** The largest bytes: two of their products exceed the largest signed 16-bit number, 32,767. */
const ACTIVATION = 255;
const FILTER = 127;

/** What the convolutions' outputs are scaled to. */
const RESULT = 200;

export interface SaturationProbe {
  /** Input `images`: uint8 `shape`; outputs as `exact` names them. */
  onnx: Uint8Array;
  images: Uint8Array;
  shape: readonly number[];
  /** What each element of each output is where products are added exactly. */
  exact: Readonly<Record<string, number>>;
}

/**
 * A small model that tells whether products of unsigned and signed bytes are added exactly. x86 processors without VNNI add two at
 * a time in 16 bits, which saturate: outputs would be about half of what they should
 * (https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html, microsoft/onnxruntime #14642).
 *
 * It tries each case with code of its own in ONNX Runtime: convolutions whose filters have a zero point of 0, and another, and QGemm.
 */
export function saturationProbe(): SaturationProbe {
  const graph = new OnnxGraph('saturation-probe');
  const shape = [1, CHANNELS, SIDE, SIDE];
  graph.input('images', 'uint8', shape);
  const one = graph.constant('one', [], Float32Array.of(1));
  const zero = graph.constant('zero', [], Uint8Array.of(0));
  const filters = (name: string, dims: number[], zeroPoint: number) => [
    graph.constant(name, dims, new Int8Array(dims.reduce((a, b) => a * b)).fill(FILTER)),
    one,
    graph.constant(`${name}.zeroPoint`, [], Int8Array.of(zeroPoint)),
  ];

  const convolve = (name: string, zeroPoint: number) => {
    const sum = ACTIVATION * (FILTER - zeroPoint) * CHANNELS;
    const scale = graph.constant(`${name}.scale`, [], Float32Array.of(sum / RESULT));
    const own = filters(`${name}.filters`, [CHANNELS, CHANNELS, 1, 1], zeroPoint);
    graph.node('QLinearConv', ['images', one, zero, ...own, scale, zero], { kernel_shape: [1, 1] }, name);
    graph.output(name, 'uint8', shape);
    return RESULT;
  };

  const multiply = (name: string) => {
    const terms = CHANNELS * SIDE * SIDE;
    const row = graph.node('Flatten', ['images'], { axis: 1 });
    const matrix = filters(`${name}.filters`, [CHANNELS, terms], 0);
    graph.node('com.microsoft.QGemm', [row, one, zero, ...matrix], { transB: 1 }, name);
    graph.output(name, 'float32', [1, CHANNELS]);
    return ACTIVATION * FILTER * terms;
  };

  const exact = { symmetric: convolve('symmetric', 0), shifted: convolve('shifted', -1), product: multiply('product') };
  return { onnx: graph.encode(), images: new Uint8Array(CHANNELS * SIDE * SIDE).fill(ACTIVATION), shape, exact };
}
