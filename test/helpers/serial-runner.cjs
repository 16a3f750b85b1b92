const { default: TestRunner } = require('jest-runner');

/** One test file at a time, after those of other runners. */
module.exports = class SerialRunner extends TestRunner {
  isSerial = true;
};
