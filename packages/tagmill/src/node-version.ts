/** The oldest Node that the package runs on, as in its `engines`. undici asks for 22.19; Node 23 is past its end. */
const OLDEST = { major: 22, minor: 19 };

/**
 * Checks a version of Node.
 *
 * @param version such as `22.19.0`.
 * @returns one line that says what is needed, or nothing if the version is recent enough.
 */
export function describeOldNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isRecent = major === OLDEST.major ? minor >= OLDEST.minor : major >= 24;
  if (isRecent) return undefined;
  return `tagmill needs Node ${OLDEST.major}.${OLDEST.minor} or later, or Node 24; this is ${version}. Install one from https://nodejs.org`;
}
