/**
 * Tags a folder with TensorFlow.js on WebAssembly and prints each file's best label as JSON. In Node it has one thread; sharp decodes
 * the next images, at a reduced size, beside it.
 *
 *   node run-tfjs.ts RIVALS MODEL FOLDER
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pMapIterable } from 'p-map';
import type { TfjsModel } from './networks.ts';
import { shrinking } from './shrink.ts';

/** A tensor or TensorFlow.js itself: enough of both, which are installed elsewhere. */
type Any = any;

const [rivals, directory, folder] = process.argv.slice(2) as [string, string, string];
const ofRivals = createRequire(`${rivals}/`);
const tf: Any = ofRivals('@tensorflow/tfjs-core');
const { setWasmPaths } = ofRivals('@tensorflow/tfjs-backend-wasm');
setWasmPaths(`${path.dirname(ofRivals.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
await tf.setBackend('wasm');

const model: TfjsModel = JSON.parse(fs.readFileSync(path.join(directory, 'tfjs.json'), 'utf8'));
const weights = new Float32Array(new Uint8Array(fs.readFileSync(path.join(directory, 'tfjs.bin'))).buffer);
const layers = model.layers.map(({ offset, shape, biases, ...layer }) => {
  const size = shape.reduce((product, side) => product * side, 1);
  const end = offset + size;
  return {
    ...layer,
    filter: tf.tensor(weights.subarray(offset, end), layer.kind === 'dense' ? shape.slice(2) : shape),
    bias: tf.tensor(weights.subarray(end, end + biases)),
  };
});

function scoresOf(pixels: Uint8Array): Float32Array {
  const { inputSize } = model.preprocessing;
  return tf.tidy(() => {
    const bytes = tf.tensor(new Int32Array(pixels), [1, inputSize, inputSize, 3], 'int32');
    let value = tf.sub(tf.div(tf.cast(bytes, 'float32'), 127.5), 1);
    for (const { kind, filter, bias, stride, pads, activation } of layers) {
      const [top, left, bottom, right] = pads;
      const pad = [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ];
      const options = { x: value, filter, strides: stride, pad, bias, activation };
      if (kind === 'dense') value = tf.add(tf.matMul(tf.mean(value, [1, 2]), filter), bias);
      else value = kind === 'depthwise' ? tf.fused.depthwiseConv2d(options) : tf.fused.conv2d(options);
    }
    return value.dataSync();
  });
}

const shrunk = shrinking(rivals, model.preprocessing);
const read = async (name: string) => ({ name, pixels: await shrunk(path.join(folder, name)) });
const best: Record<string, string> = {};
for await (const { name, pixels } of pMapIterable(fs.readdirSync(folder).sort(), read, { concurrency: 4 })) {
  const scores = scoresOf(pixels);
  const candidates = model.labels.map((label, i) => ({ label, score: scores[i]! }));
  // The publisher's class 0 is none of the others.
  const named = candidates.filter(({ label }) => label !== 'background');
  best[name] = named.reduce((a, b) => (b.score > a.score ? b : a)).label;
}
process.stdout.write(JSON.stringify(best));
