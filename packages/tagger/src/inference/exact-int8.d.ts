import { InferenceSession } from 'onnxruntime-node';
type Options = Pick<InferenceSession.SessionOptions, 'extra'>;
/**
 * What to ask ONNX Runtime for, the fastest first. Its precise mode turns signed filters into unsigned ones, which are multiplied
 * exactly everywhere, but slower (`session.x64quantprecision` in onnxruntime_session_options_config_keys.h).
 */
export declare const INT8_MODES: readonly Options[];
/**
 * Session options with which int8 models are computed exactly on this processor; found out once a process.
 *
 * @throws {TagmillError} `inference-failed` if there are none.
 */
export declare function exactInt8Options(): Promise<Options>;
/** The first of the modes that is exact. */
export declare function firstExact(isExact: (mode: Options) => Promise<boolean>): Promise<Options>;
/** Runs the probe: see {@link saturationProbe}. */
export declare function computesExactly(mode: Options): Promise<boolean>;
export {};
