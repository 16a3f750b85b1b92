import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { type ErrorCode, type ImageFacts, TagmillError } from '@tagmill/core';
import pLimit from 'p-limit';
import { type ImageHeader, InspectionError } from '../inspect.ts';
import { type ImageLimits, MAX_DECODING_MS } from '../limits.ts';
import type { RgbPixels, Scaling } from '../pixels/scaling.ts';
import { LIGHT_DECODING_BYTES } from './memory.ts';

/** What {@link inspect} is asked. */
export interface InspectionJob {
  bytes: Uint8Array;
  limits: ImageLimits;
}

/** What {@link decodeScaledPicture} is asked. */
export interface ScalingJob {
  bytes: Uint8Array;
  header: ImageHeader;
  scaling: Scaling;
}

export type DecoderJob = InspectionJob | ScalingJob;
type Result<Job extends DecoderJob> = Job extends InspectionJob ? ImageHeader : RgbPixels;

export type DecoderAnswer =
  | { result: ImageHeader | RgbPixels }
  | { error: { code: ErrorCode; message: string; facts?: Partial<ImageFacts> } };

/** Beside this file, among the sources as in a function's bundle. */
const PROCESS = path.join(import.meta.dirname, `decoder-process${path.extname(import.meta.filename)}`);

const oneAtATime = pLimit(1);
let idle: ChildProcess | undefined;

/**
 * Inspects or decodes an image in another process, so that it can be killed and its memory is bounded. It takes one image at a time. The
 * process ends after an image that took much memory. An image that crashes the decoder is tried once more, since it may have been killed
 * for another's sake.
 *
 * @param options.timeLimitMs after that the process is killed.
 * @throws {TagmillError} `crashed-decoder` if it crashed twice; `timeout`; what {@link inspect} or {@link decodeScaledPicture} throws.
 */
export function runIsolated<Job extends DecoderJob>(
  job: Job,
  { timeLimitMs = MAX_DECODING_MS } = {},
): Promise<Result<Job>> {
  return oneAtATime(async () => {
    try {
      return await run(job, timeLimitMs);
    } catch (error) {
      if (!(error instanceof TagmillError && error.code === 'crashed-decoder')) throw error;
      return await run(job, timeLimitMs);
    }
  });
}

async function run<Job extends DecoderJob>(job: Job, timeLimitMs: number): Promise<Result<Job>> {
  const decoder = idle?.connected ? idle : start();
  idle = undefined;
  const answer = await ask(decoder, job, timeLimitMs);
  const isHeavy = 'header' in job && job.header.encoding.decodingBytes > LIGHT_DECODING_BYTES;
  if (isHeavy) decoder.kill('SIGKILL');
  else idle = decoder;
  if (!('error' in answer)) return answer.result as Result<Job>;
  const { code, message, facts } = answer.error;
  const error = new TagmillError(code, message);
  throw facts ? new InspectionError(error, facts) : error;
}

function start(): ChildProcess {
  const decoder = fork(PROCESS, {
    // A group of its own: a terminal's Ctrl-C is for whoever asks.
    detached: true,
    // Nothing that a decoder could be made to do needs the function's rights.
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))),
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  // An idle one doesn't keep this process running.
  decoder.unref();
  decoder.channel?.unref();
  return decoder;
}

function ask(decoder: ChildProcess, job: DecoderJob, timeLimitMs: number): Promise<DecoderAnswer> {
  return new Promise<DecoderAnswer>((resolve, reject) => {
    let ending = new TagmillError('crashed-decoder', 'The image made its decoder crash, twice');
    const timer = setTimeout(() => {
      ending = new TagmillError('timeout', `Decoding took longer than ${timeLimitMs} ms`, { retryable: true });
      decoder.kill('SIGKILL');
    }, timeLimitMs);
    const settle = (then: () => void) => {
      clearTimeout(timer);
      decoder.removeAllListeners();
      then();
    };
    decoder.once('message', (answer) => settle(() => resolve(answer as DecoderAnswer)));
    decoder.once('exit', () => settle(() => reject(ending)));
    decoder.once('error', (cause) =>
      settle(() => reject(new TagmillError('internal', 'The decoder cannot be started', { cause, retryable: true }))),
    );
    // That it could not be sent is told by the exit that follows.
    decoder.send(job, () => undefined);
  });
}
