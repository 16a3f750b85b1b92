import { once } from 'node:events';

/** Writes, and waits where the reader is slower. */
export async function writeText(output: NodeJS.WritableStream, text: string): Promise<void> {
  if (text && !output.write(text)) await once(output, 'drain');
}
