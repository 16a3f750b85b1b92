import fs from 'node:fs';
import { Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { TagmillError } from '@tagmill/core';
import { type Extract, extract } from 'tar-stream';

/** Far above what the publisher's archives are said to hold: a checkpoint, graphs, a description and the network. */
export const MAX_ENTRIES = 100;
export const MAX_UNPACKED_BYTES = 512 * 2 ** 20;
export const MAX_MODEL_BYTES = 64 * 2 ** 20;

/**
 * The one `.tflite` in a `.tgz`. The archive may hold anything: none of its paths is used and nothing else of it is kept, and
 * how much is unpacked is bounded.
 *
 * @throws {TagmillError} `invalid-model` if it is no such archive, or holds none, more than one, or too much.
 */
export async function unpackTflite(file: string): Promise<Uint8Array> {
  const archive = extract();
  const [, model] = await Promise.all([
    pipeline(fs.createReadStream(file), createGunzip(), limitBytes(MAX_UNPACKED_BYTES), archive),
    findModel(archive),
  ]).catch((cause) => {
    throw cause instanceof TagmillError ? cause : refused(`no .tgz: ${cause.message}`, cause);
  });
  return model;
}

async function findModel(archive: Extract): Promise<Uint8Array> {
  let entries = 0;
  let model: Uint8Array | undefined;
  for await (const entry of archive) {
    const { name, type, size = 0 } = entry.header;
    if (++entries > MAX_ENTRIES) throw refused(`an archive of more than ${MAX_ENTRIES} entries`);
    if (type === 'file' && name.endsWith('.tflite')) {
      if (model) throw refused('an archive of more than one .tflite');
      if (size > MAX_MODEL_BYTES) throw refused(`an archive whose .tflite is longer than ${MAX_MODEL_BYTES} bytes`);
      model = await buffer(entry);
    } else {
      entry.resume();
    }
  }
  if (!model) throw refused('an archive without a .tflite');
  return model;
}

function limitBytes(maxBytes: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(refused(`an archive that unpacks to more than ${maxBytes} bytes`));
      else done(null, chunk);
    },
  });
}

function refused(what: string, cause?: unknown): TagmillError {
  return new TagmillError('invalid-model', `What was downloaded is ${what}`, { cause });
}
