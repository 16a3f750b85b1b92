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
  return (await runAll(model, pixels, side, options)).probabilities!;
}

/** The same for all outputs, by name. */
export async function runAll(
  model: Uint8Array,
  pixels: Uint8Array,
  side: number,
  options: InferenceSession.SessionOptions = {},
): Promise<Record<string, number[]>> {
  const session = await InferenceSession.create(model, options);
  const found = await session.run({
    images: new Tensor('uint8', pixels, [pixels.length / side / side / 3, side, side, 3]),
  });
  await session.release();
  return Object.fromEntries(Object.entries(found).map(([name, { data }]) => [name, [...(data as Float32Array)]]));
}

/** Random pixels, the same each time. */
export function picture(side: number, count = 1): Uint8Array {
  const random = seededRandom(7);
  return Uint8Array.from({ length: count * side * side * 3 }, () => Math.floor(random() * 256));
}
