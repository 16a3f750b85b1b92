/** ISO 14496-15, 8.3.3.1.2: the byte of an HEVC configuration that ends in chroma_format_idc. */
const CHROMA_OFFSET = 16;

/**
 * How the chroma of a HEIC's pictures is stored, by what its `hvcC` boxes say: phones write 4:2:0.
 *
 * @returns the finest of all, since a file may hold several pictures.
 */
export function readHevcChroma(bytes: Uint8Array): '4:2:0' | 'finer' {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = file.indexOf('hvcC'); at >= 0; at = file.indexOf('hvcC', at + 4)) {
    if ((file[at + 4 + CHROMA_OFFSET] ?? 0) % 4 > 1) return 'finer';
  }
  return '4:2:0';
}
