/**
 * Jest's transform of packages that are large and hold no state of a test: Node itself loads them, once in a worker. Jest would read all of
 * their files again for each test file, which takes longer than most of the tests.
 */
module.exports = {
  process: (_source, file) => ({ code: `module.exports = requireNatively(${JSON.stringify(file)});` }),
  getCacheKey: (_source, file) => `native-module 1 ${file}`,
};
