import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';

/** Writes a file beside its place and renames it into it, so that whoever reads it, at any time, finds it whole. */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  await fs.writeFile(draft, content);
  await fs.rename(draft, file);
}
