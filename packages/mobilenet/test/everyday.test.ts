import { describe, expect, test } from '@jest/globals';
import { everydayNetwork } from '../src/everyday.ts';
import { buildEveryday, readSafetensors, type TensorData, writeOnnx, writeSafetensors } from '../src/index.ts';
import { picture, run } from './run-model.ts';
import { trainedTensors } from './trained-tensors.ts';

const RESOLUTIONS = [64, 96] as const;

const encode = (tensors: ReadonlyMap<string, TensorData>) => writeSafetensors(tensors, () => 'F32');

/** Of a picture of the network's own size. */
function probabilities(file: Uint8Array, resolution: number): Promise<number[]> {
  const model = buildEveryday(file, { alpha: 0.25, resolution });
  return run(model, picture(resolution), resolution);
}

function logits(probabilities: readonly number[]): number[] {
  return probabilities.map((p) => Math.log(p / (1 - p)));
}

describe('the weights of everyday', () => {
  test.each([96, 128, 160, 192])(
    'read a picture of %s pixels as it is, and give each label a sigmoid',
    async (side) => {
      const file = encode(trainedTensors());
      const own = await probabilities(file, side);
      const network = everydayNetwork(readSafetensors(file), { alpha: 0.25, resolution: side });
      expect(own).toEqual(await run(writeOnnx(network), picture(side), side));
      const shares = await run(writeOnnx({ ...network, outputs: 'softmax' }), picture(side), side);
      const exponentials = logits(own).map(Math.exp);
      const sum = exponentials.reduce((a, b) => a + b);
      shares.forEach((share, i) => expect(exponentials[i]! / sum).toBeCloseTo(share, 5));
    },
  );

  test('have a label’s logit scaled and shifted by its own calibration, at the resolution that it is for', async () => {
    const tensors = trainedTensors();
    const plain = await Promise.all(RESOLUTIONS.map((resolution) => probabilities(encode(tensors), resolution)));
    tensors.set('at96.calibration.scales', { shape: [3], data: Float32Array.of(1, 0.5, 2) });
    tensors.set('at96.calibration.offsets', { shape: [3], data: Float32Array.of(0, 1, -0.5) });
    const [at64, at96] = await Promise.all(RESOLUTIONS.map((resolution) => probabilities(encode(tensors), resolution)));
    expect(at64).toEqual(plain[0]);
    const [a, b, c] = logits(plain[1]!) as [number, number, number];
    const expected = [a, 0.5 * b + 1, 2 * c - 0.5];
    logits(at96!).forEach((logit, i) => expect(logit).toBeCloseTo(expected[i]!, 4));
  });

  test.each([
    ['too few scales', [1, 1], [0, 0, 0]],
    ['no offsets', [1, 1, 1], undefined],
    ['a scale that turns a label round', [1, -1, 1], [0, 0, 0]],
  ])('with a calibration of %s are refused', (_, scales, offsets) => {
    const tensors = trainedTensors();
    tensors.set('calibration.scales', { shape: [scales.length], data: Float32Array.from(scales) });
    if (offsets) tensors.set('calibration.offsets', { shape: [offsets.length], data: Float32Array.from(offsets) });
    const options = { alpha: 0.25, resolution: 64 };
    expect(() => buildEveryday(encode(tensors), options)).toThrow('expected 3 each, and scales above 0');
  });

  test('take the statistics of the resolution where there are any, and the shared ones elsewhere', async () => {
    const tensors = trainedTensors();
    const shared = await Promise.all(RESOLUTIONS.map((resolution) => probabilities(encode(tensors), resolution)));
    const mean = tensors.get('block1.pointwise_bn.running_mean')!;
    tensors.set('at96.block1.pointwise_bn.running_mean', { ...mean, data: mean.data.map(() => 2) });
    const [at64, at96] = await Promise.all(RESOLUTIONS.map((resolution) => probabilities(encode(tensors), resolution)));
    expect(at64).toEqual(shared[0]);
    expect(at96).not.toEqual(shared[1]);
  });

  test('give what filters give that batch norms were folded into beforehand, in float16 too', async () => {
    for (const type of ['F16', 'F32'] as const) {
      const file = writeSafetensors(trainedTensors(), () => type);
      const network = everydayNetwork(readSafetensors(file), { alpha: 0.25, resolution: 64 });
      const beforehand = await run(writeOnnx(network), picture(64), 64);
      const model = buildEveryday(file, { alpha: 0.25, resolution: 64 });
      expect(await run(model, picture(64), 64)).toEqual(beforehand);
    }
  });

  test('that are of another size, or in whole numbers, are refused', () => {
    const options = { alpha: 0.25, resolution: 64 };
    expect(() => buildEveryday(encode(trainedTensors()), { ...options, alpha: 0.5 })).toThrow(
      expect.objectContaining({ code: 'invalid-model' }),
    );
    const bytes = writeSafetensors(trainedTensors(), (name) => (name === 'stem.conv.weight' ? 'I8' : 'F32'));
    expect(() => buildEveryday(bytes, options)).toThrow('expected 216 floats');
  });

  test('that lack a tensor are refused', () => {
    const options = { alpha: 0.25, resolution: 64 };
    const tensors = trainedTensors();
    tensors.delete('block7.depthwise.weight');
    expect(() => buildEveryday(encode(tensors), options)).toThrow('No tensor block7.depthwise.weight');
  });
});
