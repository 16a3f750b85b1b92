/** In place of the command's own `synthesize-stack.ts`: the package has neither the CDK nor the functions' sources. */
import { TagmillError } from '@tagmill/core';

/**
 * Refuses.
 *
 * @throws {TagmillError} `invalid-argument` with what starts a stack instead.
 */
export async function synthesizeStack(): Promise<string> {
  throw new TagmillError(
    'invalid-argument',
    'up needs the checkout: the published package has no functions to run. Clone the repository, run npm ci there, then npx tagmill up',
  );
}
