import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';

/** A `.tgz` of these entries; a text or bytes are what is in the file of that name. */
export async function tgz(
  ...entries: [name: string, content: string | Uint8Array, more?: Partial<Header>][]
): Promise<Buffer> {
  const archive = pack();
  for (const [name, content, more] of entries)
    archive.entry({ name, mtime: new Date(0), ...more }, Buffer.from(content as string));
  archive.finalize();
  return gzipSync(await buffer(archive));
}
