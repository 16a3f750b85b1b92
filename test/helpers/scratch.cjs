const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

/**
 * Makes a folder for what a run's test files share, until it ends. It is the run's temporary folder, too: what a test or a command leaves
 * there goes with it. Node's compiled code is kept for the next run.
 */
module.exports = function makeScratch() {
  process.env.NODE_COMPILE_CACHE ??= path.join(os.tmpdir(), 'node-compile-cache');
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'tagmill-tests-'));
  process.env.TAGMILL_TEST_SCRATCH = scratch;
  process.env.TMPDIR = scratch;
  globalThis.removeTestScratch = () => fs.rmSync(scratch, { recursive: true, force: true });
};
