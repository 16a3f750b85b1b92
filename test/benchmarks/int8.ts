/**
 * Int8 beside float32, and what makes ONNX Runtime fast at it: filters around zero, and channels in whole blocks with a stem that takes
 * pixels in groups. Each beside a graph without it, on one thread; times in whole numbers don't depend on what the
 * numbers are, so weights are random where a graph is written here. See docs/experiments/int8.md.
 */
import path from 'node:path';
import { architecture, type Layer, type QuantizedNetwork, weightCount, writeQuantizedOnnx } from '@tagmill/mobilenet';
import { loadCatalogue } from '@tagmill/variants';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { padsOf } from '../../packages/mobilenet/src/onnx.ts';
import { OnnxGraph } from '../../packages/mobilenet/src/onnx-graph.ts';
import { ROOT } from '../helpers/command.ts';
import { seededRandom } from '../helpers/random.ts';
import { conclude, machine, print, timeInterleaved } from './harness.ts';

const rounds = { warmUp: 20, iterations: 200 };
const INPUT = { scale: 1 / 128, zeroPoint: 128 };
const ACTIVATION = { scale: 6 / 255, zeroPoint: 0 };
const random = seededRandom(1);

print(JSON.stringify(machine()));
print(`p50 of ${rounds.iterations} by turns, one thread, ms`);
const precisions = await floatsAndBytes();
const shapes = [await shapesOf(0.25, 128), await shapesOf(0.75, 192), await shapesOf(1, 224)];
const slowest = Math.max(...precisions.filter(({ alpha }) => alpha >= 0.5).map(({ ratio }) => ratio));
conclude('int8', { rounds, precisions, shapes }, [
  { what: 'int8 over float32 from alpha 0.5 on, largest', value: slowest, atMost: 0.9 },
  {
    what: 'filters around 1 over around 0, smallest',
    value: Math.min(...shapes.map((s) => s.aroundOne)),
    atLeast: 1.1,
  },
  { what: 'plain over blocks and groups, smallest', value: Math.min(...shapes.map((s) => s.plain)), atLeast: 1 },
]);

async function timed<Name extends string>(
  models: Record<Name, Uint8Array>,
  side: number,
): Promise<Record<Name, number>> {
  const pixels = Uint8Array.from({ length: side ** 2 * 3 }, () => Math.floor(random() * 256));
  const images = new Tensor('uint8', pixels, [1, side, side, 3]);
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1, graphOptimizationLevel: 'all' } as const;
  const names = Object.keys(models) as Name[];
  const sessions = await Promise.all(names.map((name) => InferenceSession.create(models[name], options)));
  const runs = Object.fromEntries(names.map((name, i) => [name, () => sessions[i]!.run({ images })]));
  const timings = await timeInterleaved(runs as Record<Name, () => Promise<unknown>>, rounds);
  await Promise.all(sessions.map((session) => session.release()));
  return Object.fromEntries(names.map((name) => [name, timings[name].p50])) as Record<Name, number>;
}

/** The project's own networks. */
async function floatsAndBytes() {
  const catalogue = await loadCatalogue({ directories: [path.join(ROOT, 'models')] });
  const floats = catalogue.variants.filter(({ precision }) => precision === 'float32');
  const results = [];
  for (const variant of floats) {
    const bytes = catalogue.find(`${variant.variant}-int8`);
    const models = { float32: await catalogue.onnx(variant), int8: await catalogue.onnx(bytes) };
    const { float32, int8 } = await timed(models, variant.preprocessing.inputSize);
    const ratio = int8 / float32;
    print(
      `  ${variant.variant.padEnd(18)} float32 ${float32.toFixed(2)}, int8 ${int8.toFixed(2)}: ${ratio.toFixed(2)}`,
    );
    results.push({ variant: variant.variant, alpha: variant.alpha, float32, int8, ratio });
  }
  return results;
}

/** A network as tagmill writes it, and plainly: layer by layer, its filters around zero or not. */
async function shapesOf(alpha: number, resolution: number) {
  const layers = architecture({ network: 'mobilenet-v1', alpha, resolution, classes: 1001 });
  const network = randomNetwork(layers);
  const common = { activation: 'relu6', padding: 'tensorflow-same', outputs: 'softmax' } as const;
  const models = {
    tagmill: writeQuantizedOnnx({ ...common, layers, network }),
    plain: plainly(layers, network, 0),
    aroundOne: plainly(layers, network, 1),
  };
  const { tagmill, plain, aroundOne } = await timed(models, resolution);
  const ratios = { plain: plain / tagmill, aroundOne: aroundOne / plain };
  print(
    `  ${alpha}-${resolution}: ${tagmill.toFixed(2)}; plainly ${plain.toFixed(2)}, ${ratios.plain.toFixed(2)} times; ` +
      `its filters around 1 ${aroundOne.toFixed(2)}, ${ratios.aroundOne.toFixed(2)} times that`,
  );
  return { alpha, resolution, ...ratios };
}

function randomNetwork(layers: readonly Layer[]): QuantizedNetwork {
  const weights = layers.map((layer) => {
    const channels = layer.outputChannels;
    const filters = Int8Array.from({ length: weightCount(layer) }, () => Math.floor(random() * 255) - 127);
    const filterScales = new Float32Array(channels).fill(1 / Math.sqrt(filters.length / channels) / 100);
    return [layer.name, { filters, filterScales, biases: new Int32Array(channels) }] as const;
  });
  const activations = [...layers.slice(0, -1).map(({ name }) => name), 'pool'].map(
    (name) => [name, ACTIVATION] as const,
  );
  return { input: INPUT, weights: new Map(weights), activations: new Map(activations) };
}

function plainly(layers: readonly Layer[], { weights }: QuantizedNetwork, zeroPoint: number): Uint8Array {
  const graph = new OnnxGraph('plain');
  const [side, classes] = [layers[0]!.inputSize, layers.at(-1)!.outputChannels];
  graph.input('images', 'uint8', ['batch', side, side, 3]);
  const byte = (name: string, { scale, zeroPoint }: typeof INPUT) => [
    graph.constant(`${name}.scale`, [], Float32Array.of(scale)),
    graph.constant(`${name}.zeroPoint`, [], Uint8Array.of(zeroPoint)),
  ];
  const filtersOf = ({ name, kind, kernel, inputChannels, outputChannels }: Layer) => {
    const { filters, filterScales, biases } = weights.get(name)!;
    const area = kind === 'fully-connected' ? [] : [kernel, kernel];
    const shape = [outputChannels, kind === 'depthwise' ? 1 : inputChannels, ...area];
    return {
      filters: [
        graph.constant(`${name}.filters`, shape, filters),
        graph.constant(`${name}.scale`, [outputChannels], filterScales),
        graph.constant(`${name}.zeroPoint`, [outputChannels], new Int8Array(outputChannels).fill(zeroPoint)),
      ],
      biases: graph.constant(`${name}.biases`, [outputChannels], biases),
    };
  };
  const activation = byte('activation', ACTIVATION);
  let value = graph.node('Transpose', ['images'], { perm: [0, 3, 1, 2] });
  let input = byte('input', INPUT);
  for (const layer of layers.slice(0, -1)) {
    const { filters, biases } = filtersOf(layer);
    value = graph.node('QLinearConv', [value, ...input, ...filters, ...activation, biases], {
      kernel_shape: [layer.kernel, layer.kernel],
      strides: [layer.stride, layer.stride],
      pads: padsOf(layer, 'tensorflow-same'),
      group: layer.kind === 'depthwise' ? layer.inputChannels : 1,
    });
    input = activation;
  }
  const pooled = graph.node('com.microsoft.QLinearGlobalAveragePool', [value, ...activation, ...activation]);
  const { filters, biases } = filtersOf(layers.at(-1)!);
  const row = graph.node('Flatten', [pooled], { axis: 1 });
  const logits = graph.node('com.microsoft.QGemm', [row, ...activation, ...filters, biases], { transB: 1 });
  graph.node('Softmax', [logits], { axis: 1 }, 'probabilities');
  graph.output('probabilities', 'float32', ['batch', classes]);
  return graph.encode();
}
