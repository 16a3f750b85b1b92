import fs from 'node:fs/promises';
import { TagmillError } from '@tagmill/core';

/**
 * Reads which files a JSONL of records that broke off has. What it broke off in is cut away, so that more can be added.
 *
 * @returns their paths; none if there is no such file yet.
 * @throws {TagmillError} `invalid-argument` if it holds anything but records of files.
 */
export async function readResumed(file: string): Promise<Set<string>> {
  const paths = new Set<string>();
  const handle = await fs.open(file, 'r+').catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    throw new TagmillError('invalid-argument', `--resume cannot go on with ${file}: ${error.code}`, { cause: error });
  });
  if (!handle) return paths;
  try {
    let wholeBytes = 0;
    let rest = Buffer.alloc(0);
    for await (const chunk of handle.createReadStream({ autoClose: false, start: 0 })) {
      rest = Buffer.concat([rest, chunk as Buffer]);
      for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
        paths.add(readPath(rest.toString('utf8', 0, end), file));
        rest = rest.subarray(end + 1);
        wholeBytes += end + 1;
      }
    }
    await handle.truncate(wholeBytes);
  } finally {
    await handle.close();
  }
  return paths;
}

function readPath(line: string, file: string): string {
  try {
    const { image } = JSON.parse(line);
    if (typeof image?.path === 'string') return image.path;
  } catch {
    // It is told below.
  }
  throw new TagmillError(
    'invalid-argument',
    `--resume goes on with what \`tag --format jsonl\` wrote: ${file} holds something else`,
  );
}
