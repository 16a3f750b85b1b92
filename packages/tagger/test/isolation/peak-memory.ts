import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type ImageHeader, inspect } from '../../src/inspect.ts';
import { decodeScaledPicture } from '../../src/pixels/scaled.ts';

export interface PeakMemory {
  /** Of the process while it reads the header and decodes, above what it held before. */
  peakBytes: number;
  durationMs: number;
  /** Of what could be decoded. */
  header?: ImageHeader;
  /** Of the error, if it couldn't be. */
  code?: string;
}

/** Noise, which the tests decode, is longer than any photograph. */
const LIMITS = { maxBytes: Infinity, maxPixels: Infinity };

/**
 * Decodes an image in a process of its own; on Linux only. By hand: node packages/tagger/test/isolation/peak-memory.ts WARM-UP FILE
 *
 * @param options.warmUp a small one of its format, decoded first, so that loading the decoder doesn't count.
 */
export async function peakMemory(bytes: Uint8Array, { warmUp }: { warmUp: Uint8Array }): Promise<PeakMemory> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'peak-memory-'));
  try {
    const files = [path.join(folder, 'warm-up'), path.join(folder, 'image')];
    await Promise.all([warmUp, bytes].map((content, i) => fs.writeFile(files[i]!, content)));
    const { stdout } = await promisify(execFile)(process.execPath, [import.meta.filename, ...files]);
    return JSON.parse(stdout);
  } finally {
    await fs.rm(folder, { recursive: true });
  }
}

async function measure(warmUpFile: string, file: string): Promise<PeakMemory> {
  const [warmUp, bytes] = [await fs.readFile(warmUpFile), await fs.readFile(file)];
  await decodeHere(warmUp);
  // Sets the peak back to what is held now: proc_pid_clear_refs(5).
  await fs.writeFile('/proc/self/clear_refs', '5');
  const before = await peakSoFar();
  const start = performance.now();
  const seen = await decodeHere(bytes).catch(({ code }) => ({ code }));
  const durationMs = performance.now() - start;
  return { peakBytes: (await peakSoFar()) - before, durationMs, ...seen };
}

/** Not `process.resourceUsage().maxRSS`, which begins with what the parent process held. */
async function peakSoFar(): Promise<number> {
  const status = await fs.readFile('/proc/self/status', 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)![1]) * 1024;
}

async function decodeHere(bytes: Uint8Array): Promise<{ header: ImageHeader }> {
  const header = await inspect(bytes, LIMITS);
  await decodeScaledPicture(bytes, header, { width: 146, height: 146, fit: 'cover' });
  return { header };
}

if (process.argv[1] === import.meta.filename) {
  process.stdout.write(JSON.stringify(await measure(process.argv[2]!, process.argv[3]!)));
}
