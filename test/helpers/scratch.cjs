const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

/** Makes a folder for what a run's test files share, until it ends. */
module.exports = function makeScratch() {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'tagmill-tests-'));
  process.env.TAGMILL_TEST_SCRATCH = scratch;
  globalThis.removeTestScratch = () => fs.rmSync(scratch, { recursive: true, force: true });
};
