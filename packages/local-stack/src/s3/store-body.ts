import type { Body } from './bodies.ts';
import { chooseChecksum } from './checksum-headers.ts';
import type { Checksum } from './checksums.ts';
import type { S3Service } from './service.ts';
import { insertPiece, type NewVersion, type Version } from './versions.ts';

/**
 * Makes an object's latest version of a body that came whole.
 *
 * @returns it, and the checksum that is kept with it.
 */
export function storeBody(
  { bodies, database, now, versions }: S3Service,
  body: Body,
  { attributes, ...about }: Omit<NewVersion, 'size' | 'etag' | 'addPieces'>,
): { version: Version; checksum: Checksum | undefined } {
  const checksum = chooseChecksum(body.checksums);
  const version = bodies.keep(body, () =>
    versions.create({
      ...about,
      size: body.size,
      etag: body.md5,
      attributes: { ...attributes, ...(checksum ? { checksum } : {}) },
      addPieces: ({ sequence }) =>
        insertPiece(database, body, { holder: sequence, number: 1, checksum: checksum?.value, nowMs: now() }),
    }),
  );
  return { version, checksum };
}
