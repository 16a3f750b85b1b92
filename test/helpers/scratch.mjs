import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A folder for what a run's test files share, until it ends. */
export default function makeScratch() {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'tagmill-tests-'));
  process.env.TAGMILL_TEST_SCRATCH = scratch;
  globalThis.removeTestScratch = () => fs.rmSync(scratch, { recursive: true, force: true });
}
