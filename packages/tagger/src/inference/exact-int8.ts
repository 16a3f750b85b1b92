import { TagmillError } from '@tagmill/core';
import { saturationProbe } from '@tagmill/mobilenet';
import { InferenceSession, Tensor } from 'onnxruntime-node';

type Options = Pick<InferenceSession.SessionOptions, 'extra'>;

/**
 * What to ask ONNX Runtime for, the fastest first. Its precise mode turns signed filters into unsigned ones, which are multiplied
 * exactly everywhere, but slower (`session.x64quantprecision` in onnxruntime_session_options_config_keys.h).
 */
export const INT8_MODES: readonly Options[] = [{}, { extra: { session: { x64quantprecision: '1' } } }];

let known: Promise<Options> | undefined;

/**
 * Session options with which int8 models are computed exactly on this processor; found out once a process.
 *
 * @throws {TagmillError} `inference-failed` if there are none.
 */
export function exactInt8Options(): Promise<Options> {
  known ??= firstExact(computesExactly);
  return known;
}

/** The first of the modes that is exact. */
export async function firstExact(isExact: (mode: Options) => Promise<boolean>): Promise<Options> {
  for (const mode of INT8_MODES) if (await isExact(mode)) return mode;
  throw new TagmillError(
    'inference-failed',
    'This processor saturates products of bytes, which makes int8 variants guess wrong: use one without -int8',
  );
}

/** Runs the probe: see {@link saturationProbe}. */
export async function computesExactly(mode: Options): Promise<boolean> {
  const { onnx, images, shape, exact } = saturationProbe();
  const session = await InferenceSession.create(onnx, { ...mode, intraOpNumThreads: 1 });
  const outputs = await session.run({ images: new Tensor('uint8', images, shape) });
  await session.release();
  return Object.entries(exact).every(([name, value]) => {
    return (outputs[name]!.data as Float32Array | Uint8Array).every((element: number) => element === value);
  });
}
