/**
 * How often, and from which seed on, a fuzz test tries: as often as it says in the usual run of all tests, more where
 * `npm run fuzz -- --inputs N` asks for it.
 *
 * @param usual of a thousand.
 */
export function fuzzing(usual: number): { numRuns: number; seed: number } {
  const { FUZZ_INPUTS = '1000', FUZZ_SEED = '1' } = process.env;
  return { numRuns: Math.ceil((usual * Number(FUZZ_INPUTS)) / 1000), seed: Number(FUZZ_SEED) };
}
