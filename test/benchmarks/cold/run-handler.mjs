/**
 * Imports a bundle's handler as Lambda's runtime does, invokes it once, and prints as JSON when what had happened. JavaScript, so
 * that no types have to be taken off first. Its environment is the function's, and EVENT.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Milliseconds since the epoch, to fractions. */
const now = () => performance.timeOrigin + performance.now();
const at = { started: now() };
/** Milliseconds of the two native libraries, and of ONNX Runtime's sessions. */
const spent = { onnxruntime: 0, sharp: 0, sessions: 0 };
const peakMb = () => process.resourceUsage().maxRSS / 1024;

function timed(what, work) {
  const start = now();
  try {
    return work();
  } finally {
    spent[what] += now() - start;
  }
}

const open = process.dlopen;
process.dlopen = (module, file, ...rest) => {
  const isOnnxruntime = file.includes('onnxruntime');
  timed(isOnnxruntime ? 'onnxruntime' : 'sharp', () => open(module, file, ...rest));
  if (!isOnnxruntime) return;
  const { initOrtOnce, InferenceSession } = module.exports;
  module.exports.initOrtOnce = (...args) => timed('onnxruntime', () => initOrtOnce(...args));
  module.exports.InferenceSession = class extends InferenceSession {
    loadModel(...args) {
      return timed('sessions', () => super.loadModel(...args));
    }
  };
};

// Its metrics are printed when the image is in the table; what comes after that, no image waits for.
let tagged;
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = (...args) => {
  tagged ??= { at: now(), spent: { ...spent }, peakMb: peakMb(), metrics: JSON.parse(args[0]) };
  return write(...args);
};

const { LAMBDA_TASK_ROOT, EVENT } = process.env;
const { handler } = await import(pathToFileURL(path.join(LAMBDA_TASK_ROOT, 'index.mjs')).href);
at.initialized = now();
const context = { getRemainingTimeInMillis: () => 60_000 };
const { batchItemFailures } = await handler(JSON.parse(EVENT), context);
at.done = now();
if (batchItemFailures.length > 0) throw new Error('The image was not tagged');
if (!tagged) throw new Error('It printed no metrics');
at.tagged = tagged.at;
const { spent: untilTagged, peakMb: peakUntilTagged, metrics } = tagged;
const marks = {
  at,
  spent: untilTagged,
  peakMb: peakUntilTagged,
  endMb: peakMb(),
  storeMs: [metrics.storeMs].flat()[0],
};
process.stderr.write(JSON.stringify(marks), () => process.exit());
