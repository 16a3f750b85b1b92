/** Undoes scratch.mjs. */
export default function removeScratch() {
  globalThis.removeTestScratch();
}
