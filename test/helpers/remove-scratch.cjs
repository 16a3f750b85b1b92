/** Undoes scratch.cjs. */
module.exports = function removeScratch() {
  globalThis.removeTestScratch();
};
