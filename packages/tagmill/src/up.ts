/** In place of the command's own `up.ts`: the package has neither the CDK nor the functions that a stack would run. */
import { TagmillError } from '@tagmill/core';

/**
 * `tagmill up`, refused before anything is written.
 *
 * @throws {TagmillError} `invalid-argument` with what starts a stack instead.
 */
export async function up(): Promise<never> {
  throw new TagmillError(
    'invalid-argument',
    'up needs the checkout: the published package has no functions to run. Clone the repository, run npm ci there, then npx tagmill up',
  );
}
