import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { importTflite } from '../src/tflite-import.ts';

const data = path.join(import.meta.dirname, '../../../../shared/data');
const withData = fs.existsSync(data) ? test : test.skip;
const official = (name: string) => fs.readFileSync(path.join(data, 'official', name));

describe('importing (needs ../shared)', () => {
  withData.each([
    ['0.25_128', 0.25, 128],
    ['0.5_160', 0.5, 160],
    ['0.75_192', 0.75, 192],
  ])('the publisher’s %s recognizes the photos, in floats and in its own bytes', async (name, alpha, resolution) => {
    const network = importTflite(official(`mobilenet_v1_${name}_quant.tflite`));
    expect(network).toMatchObject({ network: 'mobilenet-v1', alpha, resolution, classes: 1001 });
    await recognizesThePhotos(network.float32, resolution);
    // Exactly, on processors that saturate as well.
    await recognizesThePhotos(network.int8!, resolution, { extra: { session: { x64quantprecision: '1' } } });
  });

  withData.each([
    ['quantized by tensor', 'mobilenet_v2_1.0_224_quant.tflite'],
    ['quantized by channel, in signed bytes', 'tf2_mobilenet_v2_1.0_224_ptq.tflite'],
  ])('the publisher’s MobileNetV2 recognizes the photos: %s', async (_, name) => {
    const network = importTflite(official(name));
    expect(network).toMatchObject({ network: 'mobilenet-v2', alpha: 1, resolution: 224, classes: 1001 });
    await recognizesThePhotos(network.float32, 224);
    await recognizesThePhotos(network.int8!, 224, { extra: { session: { x64quantprecision: '1' } } });
  });

  async function recognizesThePhotos(
    model: Uint8Array,
    resolution: number,
    options: InferenceSession.SessionOptions = {},
  ): Promise<void> {
    const labels = official('imagenet_labels.txt').toString().split('\n');
    const session = await InferenceSession.create(model, options);
    const best = async (photo: string) => {
      // From memory: where tests of the tagger ran before in this process, libvips reads no files.
      const image = sharp(fs.readFileSync(path.join(data, 'photos', photo))).removeAlpha();
      const pixels = await image.resize(resolution, resolution, { fit: 'fill', kernel: 'linear' }).raw().toBuffer();
      const { probabilities } = await session.run({
        images: new Tensor('uint8', pixels, [1, resolution, resolution, 3]),
      });
      const scores = [...(probabilities!.data as Float32Array)];
      return labels[scores.indexOf(Math.max(...scores))];
    };
    expect(await best('parrot.jpg')).toBe('macaw');
    expect(await best('cat_1080p.jpg')).toMatch(/cat/);
    expect(await best('sunflower.png')).toBe('daisy');
    expect(await best('bird.png')).toBe('chickadee');
    await session.release();
  }

  withData('a network without a classifier says what is missing', () => {
    const bytes = official('mobilenet_v1_1.0_224_quant_embedding_extractor.tflite');
    expect(() => importTflite(bytes)).toThrow(/embeddings, not classes/);
  });
});

test.each([
  ['empty', new Uint8Array()],
  ['a JPEG', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46)],
  ['eight bytes that begin well', Buffer.from('\0\0\0\0TFL3')],
])('a file that is %s is refused', (_, bytes) => {
  expect(() => importTflite(bytes)).toThrow(expect.objectContaining({ code: 'invalid-model' }));
});
