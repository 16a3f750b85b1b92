import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../test/helpers/random.ts';
import { architecture, randomWeights, writeOnnx } from '../src/index.ts';
import { importTflite } from '../src/tflite-import.ts';
import { picture, run } from './run-model.ts';
import { writeTflite } from './write-tflite.ts';

const SIDE = 32;
const layers = architecture({ network: 'mobilenet-v2', alpha: 0.35, resolution: SIDE, classes: 5 });
const weights = randomWeights(layers, seededRandom(1));
for (const { biases } of weights.values()) biases.set(biases.map((_, i) => 0.1 * Math.sin(i)));

describe('a float .tflite of a MobileNetV2', () => {
  test('becomes the network that its weights make', async () => {
    const imported = importTflite(writeTflite(layers, weights));
    expect(imported).toMatchObject({ network: 'mobilenet-v2', alpha: 0.35, resolution: SIDE, classes: 5 });
    expect(imported.int8).toBeUndefined();
    const common = { inputScale: 1 / 127.5, inputZeroPoint: 127.5 } as const;
    const kind = { activation: 'relu6', padding: 'tensorflow-same', outputs: 'softmax' } as const;
    const expected = await run(writeOnnx({ layers, weights, ...common, ...kind }), picture(SIDE), SIDE);
    expect(new Set(expected.map((value) => value.toFixed(3))).size).toBeGreaterThan(1);
    const actual = await run(imported.float32, picture(SIDE), SIDE);
    actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
  });

  test.each([
    ['an operator by its name', 117, 'HARD_SWISH is no operator of one, at tensor'],
    ['one that has no name here by its number', 99, 'operator 99 is no operator of one, at tensor'],
  ])('that is none is refused, naming %s', (_, code, message) => {
    const file = writeTflite(layers, weights, (operators) => Object.assign(operators[3]!, { code }));
    expect(() => importTflite(file)).toThrow(message);
  });

  test('that adds other things than its bottlenecks is refused', () => {
    const file = writeTflite(layers, weights, (operators) => {
      const sum = operators.find(({ code }) => code === 0)!;
      sum.inputs = [sum.inputs[0]!, sum.inputs[0]!];
    });
    expect(() => importTflite(file)).toThrow('at layer block3.projection: other things are added');
  });

  test('that has an activation after a linear bottleneck is refused', () => {
    const file = writeTflite(layers, weights, (operators) => Object.assign(operators[2]!, { activation: 3 }));
    expect(() => importTflite(file)).toThrow('at layer block1.projection: its activation is relu6, expected none');
  });

  test('of another width is refused, saying which there are', () => {
    const own = architecture({ network: 'mobilenet-v2', alpha: 0.6, resolution: SIDE, classes: 5 });
    const file = writeTflite(own, randomWeights(own, seededRandom(1)));
    expect(() => importTflite(file)).toThrow('those of no MobileNetV2 of width 0.35, 0.5, 0.75, 1, 1.3, 1.4');
  });
});
