import fs from 'node:fs/promises';
import { TagmillError } from '@tagmill/core';
import { replaceFile } from '@tagmill/variants';
import pRetry from 'p-retry';
import type { EnvHttpProxyAgent, Response } from 'undici';
import { z } from 'zod';
import { describeFailure, fetchResponse } from './fetch-response.ts';

export interface DownloadOptions {
  /** Where the file is put. What has come of it so far is kept beside it, in `.part` and `.part.json`. */
  file: string;
  /** A longer one is refused. */
  maxBytes: number;
  agent: EnvHttpProxyAgent;
  signal: AbortSignal;
  /** Bytes that are there, and of how many, if that is known. */
  onProgress?: (doneBytes: number, totalBytes: number | undefined) => void;
  /** Before the first further try; doubled for each. */
  retryDelayMs?: number;
}

/** In one run; the next one goes on from where it ended. */
const MAX_RETRIES = 4;

const partSchema = z.strictObject({ url: z.string(), etag: z.string() });

/** What is there of a file, and the version on the server that it is the beginning of. */
interface Part {
  bytes: number;
  etag?: string;
}

/**
 * Downloads a file. A broken or stalled connection goes on where it ended, and so does the download of an earlier run. `Range` and
 * `If-Range` (RFC 9110, sections 13.1.5 and 14.2) see to it that two versions are never put together. From a server that knows no ranges
 * it starts anew.
 *
 * @throws {TagmillError} `unavailable` if it can't be had; `invalid-argument` if it is longer than it may be.
 */
export async function download(url: URL, options: DownloadOptions): Promise<void> {
  const { file, signal, retryDelayMs = 1000 } = options;
  await pRetry(() => attempt(url, options), {
    retries: MAX_RETRIES,
    minTimeout: retryDelayMs,
    signal,
    shouldRetry: ({ error }) => error instanceof TagmillError && error.retryable,
  });
  await fs.rename(partFile(file), file);
  await forget(file);
}

async function attempt(url: URL, options: DownloadOptions): Promise<void> {
  const { file, maxBytes, agent, signal } = options;
  const part = await openPart(file, url);
  // As it is stored: sent re-encoded, its bytes could neither be counted nor taken up.
  const headers = { 'accept-encoding': 'identity' };
  const range = part.etag === undefined ? {} : { range: `bytes=${part.bytes}-`, 'if-range': part.etag };
  const response = await fetchResponse(url, { headers: { ...headers, ...range }, agent, signal });
  try {
    const { startsAt, totalBytes } = await readExtent(response, url, part, file);
    if ((totalBytes ?? 0) > maxBytes) throw tooLong(url, maxBytes);
    await receive(response, url, { ...options, startsAt, totalBytes });
  } finally {
    if (!response.bodyUsed) await response.body?.cancel();
  }
}

/** Which part of the file a server sends. */
async function readExtent(
  { status, headers }: Response,
  url: URL,
  part: Part,
  file: string,
): Promise<{ startsAt: number; totalBytes: number | undefined }> {
  if (!['identity', null].includes(headers.get('content-encoding'))) {
    throw new TagmillError('unavailable', `${url} is sent re-encoded, as ${headers.get('content-encoding')}`);
  }
  if (status === 200) {
    const length = headers.get('content-length');
    return { startsAt: 0, totalBytes: length === null ? undefined : Number(length) };
  }
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers.get('content-range') ?? '') ?? [];
  if (status !== 206 || Number(start) !== part.bytes || headers.get('etag') !== part.etag) {
    await forget(file);
    throw new TagmillError('unavailable', `${url} answered ${status} with another part than was asked for`, {
      retryable: true,
    });
  }
  return { startsAt: part.bytes, totalBytes: Number(total) };
}

async function receive(
  response: Response,
  url: URL,
  {
    file,
    maxBytes,
    signal,
    onProgress,
    startsAt,
    totalBytes,
  }: DownloadOptions & Awaited<ReturnType<typeof readExtent>>,
): Promise<void> {
  const output = startsAt === 0 ? await begin(file, url, response) : await fs.open(partFile(file), 'a');
  let done = startsAt;
  try {
    onProgress?.(done, totalBytes);
    for await (const chunk of chunksOf(response, url)) {
      done += chunk.length;
      if (done > maxBytes) throw tooLong(url, maxBytes);
      await output.writeFile(chunk);
      signal.throwIfAborted();
      onProgress?.(done, totalBytes);
    }
  } finally {
    await output.close();
  }
  if (totalBytes !== undefined && done !== totalBytes) throw brokenOff(url, `${done} of ${totalBytes} bytes came`);
}

async function* chunksOf({ body }: Response, url: URL): AsyncGenerator<Uint8Array> {
  try {
    yield* body ?? [];
  } catch (error) {
    throw brokenOff(url, describeFailure(error), error);
  }
}

function brokenOff(url: URL, reason: string, cause?: unknown): TagmillError {
  const message = `${url} broke off: ${reason}. The same command goes on from there`;
  return new TagmillError('unavailable', message, { retryable: true, cause });
}

function tooLong(url: URL, maxBytes: number): TagmillError {
  return new TagmillError('invalid-argument', `${url} is longer than the ${maxBytes} bytes that it may have`);
}

const partFile = (file: string) => `${file}.part`;
const notesFile = (file: string) => `${file}.part.json`;

/** Nothing, unless it is known what its bytes are the beginning of. */
async function openPart(file: string, url: URL): Promise<Part> {
  try {
    const notes = partSchema.parse(JSON.parse(await fs.readFile(notesFile(file), 'utf8')));
    const { size } = await fs.stat(partFile(file));
    if (notes.url === url.href && size > 0) return { bytes: size, etag: notes.etag };
  } catch {
    // None, or not readable: it is as good as none.
  }
  return { bytes: 0 };
}

/** Notes whose beginning a file is only once it is empty: whenever this ends, no notes lie beside another version's bytes. */
async function begin(file: string, url: URL, { headers }: Response): Promise<fs.FileHandle> {
  await forget(file);
  const output = await fs.open(partFile(file), 'w');
  const etag = headers.get('etag');
  // A weak validator says too little for ranges (RFC 9110, section 13.1.5).
  if (etag !== null && !etag.startsWith('W/'))
    await replaceFile(notesFile(file), JSON.stringify({ url: url.href, etag }));
  return output;
}

async function forget(file: string): Promise<void> {
  await fs.rm(notesFile(file), { force: true });
}
