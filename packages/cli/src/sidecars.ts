import fs from 'node:fs/promises';
import path from 'node:path';
import type { ImageRecord } from '@tagmill/core';
import type { SIDECAR_NAMES } from './formats.ts';
import { xmpSidecar } from './xmp.ts';

export interface SidecarOptions {
  /** Folder of the originals: keys are paths below it. */
  originals: string;
  sidecarNames: (typeof SIDECAR_NAMES)[number];
  /** Replaces what is there, whoever wrote it. */
  overwrite: boolean;
}

/** What became of a sidecar. */
export type SidecarResult = 'written' | 'without an original' | 'there already';

/** Writes a stored image's tags beside its original. A key that leads out of the folder has no original. */
export async function writeSidecar(record: ImageRecord, options: SidecarOptions): Promise<SidecarResult> {
  const { originals, sidecarNames, overwrite } = options;
  const original = path.resolve(originals, keyOf(record));
  const isBelow = original.startsWith(path.join(path.resolve(originals), path.sep));
  if (!isBelow || !(await isFile(original))) return 'without an original';
  const { dir, name, base } = path.parse(original);
  const sidecar = path.join(dir, `${sidecarNames === 'appended' ? base : name}.xmp`);
  try {
    await fs.writeFile(sidecar, xmpSidecar(record), { flag: overwrite ? 'w' : 'wx' });
    return 'written';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return 'there already';
    throw error;
  }
}

function keyOf({ image }: ImageRecord): string {
  return 'key' in image ? image.key : image.path;
}

async function isFile(file: string): Promise<boolean> {
  const stats = await fs.stat(file).catch(() => undefined);
  return stats?.isFile() ?? false;
}
