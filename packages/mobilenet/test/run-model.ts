import { InferenceSession, Tensor } from 'onnxruntime-node';
import { seededRandom } from '../../../test/helpers/random.ts';

/**
 * @param pixels of one or more square pictures, N x side x side x 3.
 * @returns the probabilities of all of them, one after the other.
 */
export async function run(
  model: Uint8Array,
  pixels: Uint8Array,
  side: number,
  options: InferenceSession.SessionOptions = {},
): Promise<number[]> {
  const session = await InferenceSession.create(model, options);
  const { probabilities } = await session.run({
    images: new Tensor('uint8', pixels, [pixels.length / side / side / 3, side, side, 3]),
  });
  await session.release();
  return [...(probabilities!.data as Float32Array)];
}

/** Random pixels, the same each time. */
export function picture(side: number, count = 1): Uint8Array {
  const random = seededRandom(7);
  return Uint8Array.from({ length: count * side * side * 3 }, () => Math.floor(random() * 256));
}
