import { type ImageFormat, TagmillError } from '@tagmill/core';

/** How files of a format begin: bytes at an offset, written as latin-1 text. */
interface Signature {
  name: string;
  offset: number;
  bytes: string;
}

const at = (name: string, bytes: string, offset = 0): Signature => ({ name, bytes, offset });

const SUPPORTED: readonly (Signature & { name: ImageFormat })[] = [
  at('jpeg', '\xff\xd8\xff'),
  at('png', '\x89PNG\r\n\x1a\n'),
  at('gif', 'GIF87a'),
  at('gif', 'GIF89a'),
  at('webp', 'WEBP', 8),
  at('tiff', 'II*\0'),
  at('tiff', 'MM\0*'),
  at('tiff', 'II+\0'),
  at('tiff', 'MM\0+'),
] as (Signature & { name: ImageFormat })[];

/** Brands of ISO 14496-12 files: AV1 for AVIF; HEVC for HEIC, whose `mif1` and `msf1` say only that it is HEIF. */
const BRANDS: Readonly<Record<string, ImageFormat>> = {
  avif: 'avif',
  avis: 'avif',
  heic: 'heic',
  heix: 'heic',
  heim: 'heic',
  heis: 'heic',
  hevc: 'heic',
  hevx: 'heic',
};

const UNSUPPORTED: readonly Signature[] = [
  at('BMP', 'BM'),
  at('ICO', '\0\0\x01\0'),
  at('PSD', '8BPS'),
  at('JPEG XL', '\xff\x0a'),
  at('JPEG XL', '\0\0\0\x0cJXL '),
  at('JPEG 2000', '\0\0\0\x0cjP  '),
  at('OpenEXR', 'v/1\x01'),
  at('ZIP', 'PK\x03\x04'),
];

/** Cameras' own, some of which begin as a TIFF does; others of these are told by their directories: see tiff-picture.ts. */
const RAW: readonly Signature[] = [
  at('CR2, a raw format of cameras,', 'CR\x02', 8),
  at('CR3, a raw format of cameras,', 'ftypcrx ', 4),
  at('CRW, a raw format of cameras,', 'HEAPCCDR', 6),
  at('RAF, a raw format of cameras,', 'FUJIFILMCCD-RAW'),
  at('ORF, a raw format of cameras,', 'IIRO'),
  at('ORF, a raw format of cameras,', 'IIRS'),
  at('ORF, a raw format of cameras,', 'MMOR'),
  at('RW2, a raw format of cameras,', 'IIU\0'),
  at('MRW, a raw format of cameras,', '\0MRM'),
  at('X3F, a raw format of cameras,', 'FOVb'),
];

/** Formats that a renderer would run rather than read. */
const ACTIVE: readonly { name: string; pattern: RegExp }[] = [
  { name: 'PDF', pattern: /%PDF-/ },
  { name: 'PostScript', pattern: /^%!PS|^\xc5\xd0\xd3\xc6/ },
  { name: 'SVG', pattern: /<svg[\s>]/i },
  { name: 'HTML', pattern: /<!doctype html|<html[\s>]/i },
  { name: 'XML', pattern: /^\s*<\?xml/i },
];

const HEAD_BYTES = 1024;

/**
 * Tells an image's format by its bytes, whatever it is called.
 *
 * @throws {TagmillError} `empty-file`; `active-content` for SVG, PDF and the like; `unsupported-format`, by name if it is
 * a known one.
 */
export function detectFormat(bytes: Uint8Array): ImageFormat {
  if (bytes.length === 0) throw new TagmillError('empty-file', 'The file is empty');
  const head = readHead(bytes);
  const supported = findSupported(head);
  if (supported) return supported;
  const active = ACTIVE.find(({ pattern }) => pattern.test(head));
  if (active) throw new TagmillError('active-content', `${active.name} is never rendered here`);
  const known = findUnsupported(head);
  throw new TagmillError('unsupported-format', known ? `${known} is not supported` : 'Not an image in a known format');
}

/**
 * The format of the image that bytes begin as, whether or not it can be read here.
 *
 * @returns nothing if they are no image.
 */
export function imageName(bytes: Uint8Array): string | undefined {
  const head = readHead(bytes);
  return findSupported(head) ?? findUnsupported(head);
}

function readHead(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEAD_BYTES)).toString('latin1');
}

function findSupported(head: string): ImageFormat | undefined {
  if (RAW.some((signature) => matches(head, signature))) return undefined;
  return SUPPORTED.find((signature) => matches(head, signature))?.name ?? readBrand(head);
}

function findUnsupported(head: string): string | undefined {
  return [...RAW, ...UNSUPPORTED].find((signature) => matches(head, signature))?.name;
}

function matches(head: string, { bytes, offset }: Signature): boolean {
  return head.startsWith(bytes, offset);
}

/** The major brand decides, then the compatible ones in their order. */
function readBrand(head: string): ImageFormat | undefined {
  if (head.slice(4, 8) !== 'ftyp') return undefined;
  const boxBytes = Buffer.from(head.slice(0, 4), 'latin1').readUInt32BE();
  const brands = head.slice(8, Math.min(boxBytes, head.length)).match(/.{4}/gs) ?? [];
  // The second is the minor version, which may look like anything.
  const known = brands.filter((brand, i) => i !== 1 && brand in BRANDS);
  return known[0] === undefined ? undefined : BRANDS[known[0]];
}
