import { parseStackOptions, type StackOptions } from '@tagmill/cdk/options';
import { TagmillError } from '@tagmill/core';

export interface LocalOptions {
  budget?: number;
  variant?: string;
  family?: string;
  /** JSON, as docs/reference/stack-options.md describes it. */
  stackOptions?: string;
}

/** Unless another is chosen: one that can be typed before the stack is there. */
const LOCAL_BUCKET = 'tagmill-uploads-{account}-{region}';

const HOST_ARCHITECTURE = process.arch === 'arm64' ? 'arm64' : 'x86_64';

/**
 * The options of a stack that runs on this machine.
 *
 * @throws {TagmillError} `invalid-settings` before anything is built; `invalid-argument` if they contradict each other.
 */
export function localStackOptions({ stackOptions = '{}', budget, variant, family }: LocalOptions): StackOptions {
  if (variant !== undefined && family !== undefined) {
    throw new TagmillError('invalid-argument', 'Give --variant or --family, not both');
  }
  const given = parseObject(stackOptions);
  return parseStackOptions({
    ...('existingBucketName' in given ? {} : { uploadBucketName: LOCAL_BUCKET }),
    // Nobody pays for the time here: images are tagged as accurately as they can be.
    latencyBudgetMs: 'none',
    ...given,
    architecture: HOST_ARCHITECTURE,
    ...(budget === undefined ? {} : { latencyBudgetMs: budget }),
    ...(variant === undefined ? {} : { variant }),
    ...(family === undefined ? {} : { family }),
  });
}

function parseObject(text: string): object {
  try {
    const object: unknown = JSON.parse(text);
    if (typeof object === 'object' && object !== null) return object;
  } catch {
    // Said below, with what is no object.
  }
  throw new TagmillError('invalid-argument', `--stack-options is no JSON object: ${text}`);
}
