import { describe, expect, test } from '@jest/globals';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { seededRandom } from '../../../test/helpers/random.ts';
import { everydayNetwork } from '../src/everyday.ts';
import { buildEveryday, readSafetensors, type TensorData, writeOnnx, writeSafetensors } from '../src/index.ts';
import { picture, run } from './run-model.ts';
import { trainedTensors } from './trained-tensors.ts';

const RESOLUTIONS = [64, 96] as const;

const encode = (tensors: ReadonlyMap<string, TensorData>) => writeSafetensors(tensors, () => 'F32');

async function probabilities(file: Uint8Array, resolution: number): Promise<number[]> {
  const model = buildEveryday(file, { alpha: 0.25, resolution, preprocessing: { inputSize: 64 } });
  const session = await InferenceSession.create(model);
  const random = seededRandom(2);
  const pixels = Uint8Array.from({ length: 64 * 64 * 3 }, () => Math.floor(random() * 256));
  const { probabilities } = await session.run({ images: new Tensor('uint8', pixels, [1, 64, 64, 3]) });
  await session.release();
  return [...(probabilities!.data as Float32Array)];
}

describe('the weights of everyday', () => {
  test('without a calibration give shares of one', async () => {
    const file = encode(trainedTensors());
    for (const resolution of RESOLUTIONS) {
      const scores = await probabilities(file, resolution);
      expect(scores.reduce((sum, score) => sum + score)).toBeCloseTo(1);
    }
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

  test('with a calibration give each class a sigmoid of its calibrated logit', async () => {
    const tensors = trainedTensors();
    const logitsOf = async (...calibration: number[]) => {
      tensors.set('at64.calibration', { shape: [4], data: Float32Array.from(calibration) });
      return (await probabilities(encode(tensors), 64)).map((p) => Math.log(p / (1 - p)));
    };
    const plain = await logitsOf(0, 0, 1, 0);
    const all = Math.log(plain.reduce((sum, x) => sum + Math.exp(x), 0));
    const calibrated = await logitsOf(-1, 0.5, 0.1, -0.25);
    calibrated.forEach((logit, i) => {
      const x = plain[i]!;
      const share = Math.exp(x - all);
      expect(logit).toBeCloseTo(-1 + 0.5 * Math.log(share / (1 - share)) + 0.1 * x - 0.25 * all, 3);
    });
  });

  test('give what filters give that batch norms were folded into beforehand, in float16 too', async () => {
    for (const type of ['F16', 'F32'] as const) {
      const file = writeSafetensors(trainedTensors(), () => type);
      const network = everydayNetwork(readSafetensors(file), { alpha: 0.25, resolution: 64 });
      const beforehand = await run(writeOnnx({ ...network, inputSize: 64 }), picture(64), 64);
      const model = buildEveryday(file, { alpha: 0.25, resolution: 64, preprocessing: { inputSize: 64 } });
      expect(await run(model, picture(64), 64)).toEqual(beforehand);
    }
  });

  test('that are of another size, or in whole numbers, are refused', () => {
    const options = { alpha: 0.25, resolution: 64, preprocessing: { inputSize: 64 } };
    expect(() => buildEveryday(encode(trainedTensors()), { ...options, alpha: 0.5 })).toThrow(
      expect.objectContaining({ code: 'invalid-model' }),
    );
    const bytes = writeSafetensors(trainedTensors(), (name) => (name === 'stem.conv.weight' ? 'I8' : 'F32'));
    expect(() => buildEveryday(bytes, options)).toThrow('expected 216 floats');
  });

  test('that lack a tensor, or hold half a calibration, are refused', () => {
    const options = { alpha: 0.25, resolution: 64, preprocessing: { inputSize: 64 } };
    const tensors = trainedTensors();
    tensors.set('at64.calibration', { shape: [1], data: Float32Array.of(1) });
    expect(() => buildEveryday(encode(tensors), options)).toThrow('calibration');
    tensors.delete('at64.calibration');
    tensors.delete('block7.depthwise.weight');
    expect(() => buildEveryday(encode(tensors), options)).toThrow('No tensor block7.depthwise.weight');
  });
});
