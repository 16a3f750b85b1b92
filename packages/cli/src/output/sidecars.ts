import fs from 'node:fs/promises';
import path from 'node:path';
import type { ImageRecord } from '@tagmill/core';
import { toPrintable } from '@tagmill/image-files';
import type { SIDECAR_NAMES } from './formats.ts';
import { hasNamesake, replacedName, updateSidecar } from './sidecar-file.ts';

export interface SidecarOptions {
  /** Folder of the originals: keys are paths below it. */
  originals: string;
  sidecarNames: (typeof SIDECAR_NAMES)[number];
  /** Replaces what is there, whoever wrote it. */
  overwrite: boolean;
}

/** What became of a sidecar. */
export type SidecarResult = 'written' | 'without an original' | 'there already';

/**
 * Puts a stored image's tags into the sidecar beside its original, among what others wrote there. A key that leads out of the folder has
 * no original. `cat.jpg` and `cat.png` never share `cat.xmp`: each gets one of its own.
 *
 * @returns `there already` if something is there that can't be added to.
 * @throws {TagmillError} `unavailable` if it can't be written.
 */
export async function writeSidecar(record: ImageRecord, options: SidecarOptions): Promise<SidecarResult> {
  const { originals, sidecarNames, overwrite } = options;
  const original = path.resolve(originals, findKey(record));
  const isBelow = original.startsWith(path.join(path.resolve(originals), path.sep));
  if (!isBelow || !(await isFile(original))) return 'without an original';
  const isShared = sidecarNames === 'replaced' && (await hasNamesake(original));
  const sidecar = sidecarNames === 'appended' || isShared ? `${original}.xmp` : replacedName(original);
  if (isShared) {
    process.stderr.write(
      `${toPrintable(path.basename(replacedName(original)))} would be another picture's, too: ${toPrintable(path.basename(sidecar))} is written\n`,
    );
  }
  return (await updateSidecar(sidecar, record, { overwrite })) === 'foreign' ? 'there already' : 'written';
}

function findKey({ image }: ImageRecord): string {
  return 'key' in image ? image.key : image.path;
}

async function isFile(file: string): Promise<boolean> {
  const stats = await fs.stat(file).catch(() => undefined);
  return stats?.isFile() ?? false;
}
