const LONGEST_DELAY_SECONDS = 300;

/**
 * How long a message that goes back to its queue stays invisible. Left alone it would return only after the queue's visibility timeout,
 * minutes later. Jittered, so that images that failed together don't return together.
 *
 * @param options.tried whether the image was tried and failed, so that its fault needs time to pass.
 * @param options.random in [0, 1).
 * @returns whole seconds: 1 to 5 if it wasn't tried, else exponential in its receives, at most 5 minutes.
 */
export function chooseReturnDelaySeconds(options: { tried: boolean; receiveCount: number; random: number }): number {
  const longest = options.tried ? Math.min(2 ** (options.receiveCount + 1), LONGEST_DELAY_SECONDS) : 5;
  return 1 + Math.floor(options.random * longest);
}
