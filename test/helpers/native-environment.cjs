const { TestEnvironment } = require('jest-environment-node');

/**
 * Node's environment for jest, with the typed arrays of the outer realm: native addons (ONNX Runtime) create theirs
 * there, and check what they are given against them. `requireNatively` is for native-module.cjs.
 */
module.exports = class NativeEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    for (const type of [Float32Array, Float64Array, Int8Array, Int32Array, BigInt64Array, Uint16Array]) {
      this.global[type.name] = type;
    }
    this.global.requireNatively = require;
  }
};
