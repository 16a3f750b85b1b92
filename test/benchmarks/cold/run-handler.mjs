/**
 * Imports a bundle's handler as Lambda's runtime does, invokes it once, and prints as JSON when what had happened. JavaScript, so
 * that no types have to be taken off first. Its environment is the function's, and EVENT.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Milliseconds since the epoch, to fractions. */
const now = () => performance.timeOrigin + performance.now();
const at = { started: now() };
/** Milliseconds of the two native libraries, and of ONNX Runtime's sessions. */
const spent = { onnxruntime: 0, sharp: 0, sessions: 0 };

const open = process.dlopen;
process.dlopen = (module, file, ...rest) => {
  const start = now();
  open(module, file, ...rest);
  spent[file.includes('onnxruntime') ? 'onnxruntime' : 'sharp'] += now() - start;
};

// Before the bundle is loaded: so that its sessions are timed, too.
const { InferenceSession } = createRequire(`${process.env.LAMBDA_TASK_ROOT}/`)('onnxruntime-node');
const create = InferenceSession.create.bind(InferenceSession);
InferenceSession.create = async (...args) => {
  const start = now();
  const session = await create(...args);
  spent.sessions += now() - start;
  return session;
};

const { LAMBDA_TASK_ROOT, EVENT } = process.env;
const { handler } = await import(pathToFileURL(path.join(LAMBDA_TASK_ROOT, 'index.mjs')).href);
at.initialized = now();
const context = { getRemainingTimeInMillis: () => 60_000 };
const { batchItemFailures } = await handler(JSON.parse(EVENT), context);
at.done = now();
if (batchItemFailures.length > 0) throw new Error('The image was not tagged');
const peakMb = process.resourceUsage().maxRSS / 1024;
process.stderr.write(JSON.stringify({ at, spent, peakMb }), () => process.exit());
