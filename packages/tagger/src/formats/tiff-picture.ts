import { TagmillError } from '@tagmill/core';
import { TIFF_TAG, Tiff, type TiffDirectory } from './tiff.ts';

/** Which picture of a TIFF is looked at, and how its samples have to be read. */
export interface TiffPicture {
  /** The file, as libvips is given it: that picture is its only one. */
  file: Buffer;
  /** Absent where libvips takes the samples for what they are. */
  samples?: TiffSamples;
}

export interface TiffSamples {
  kind: 'integer' | 'float' | 'lab';
  /** Samples of a pixel that are its colour: 1 or 3. */
  colours: 1 | 3;
  /** Whether the first sample after these says how opaque a pixel is. */
  hasAlpha: boolean;
}

/** Pages, thumbnails and masks that are looked through for the picture. */
const MAX_DIRECTORIES = 64;

const PHOTOMETRIC = { white: 0, black: 1, rgb: 2, palette: 3, cmyk: 5, ycc: 6, lab: 8 } as const;
const FILTER_ARRAY = [32_803, 34_892];

/** What libtiff, as sharp brings it, decodes: none, CCITT's, LZW, JPEG, Deflate, PackBits. */
const COMPRESSIONS: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 8, 32_771, 32_773, 32_946]);
const COMPRESSION_NAMES: Readonly<Record<number, string>> = {
  32809: 'ThunderScan',
  34661: 'JBIG',
  34676: 'SGILog',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34892: 'lossy JPEG',
  34925: 'LZMA',
  50000: 'ZSTD',
  50001: 'WebP',
  50002: 'JPEG XL',
};

/**
 * Finds the picture of a TIFF: the first that is neither a thumbnail nor a mask, in the chain of directories or below it.
 *
 * @returns the file as it is, if it is damaged: then its decoder says so.
 * @throws {TagmillError} `unsupported-format` for a camera's raw file, and for samples that nobody here can read.
 */
export function readTiffPicture(bytes: Uint8Array): TiffPicture {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return unlessDamaged({ file }, () => {
    const { tiff, directory, samples } = find(file);
    // As Lab of 8 bits, libvips refuses it; as RGB it gives the same numbers.
    const patch = samples?.kind === 'lab' ? { [TIFF_TAG.photometric]: PHOTOMETRIC.rgb } : {};
    return { file: tiff.withOnly(directory, patch), ...(samples && { samples }) };
  });
}

/** How the samples of a TIFF's picture have to be read: see {@link readTiffPicture}, which copies the file. */
export function tiffSamples(bytes: Uint8Array): TiffSamples | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return unlessDamaged(undefined, () => find(file).samples);
}

function find(file: Buffer) {
  const tiff = new Tiff(file);
  const directory = chooseDirectory(tiff);
  return { tiff, directory, samples: readSamples(tiff, directory) };
}

function unlessDamaged<Result>(otherwise: Result, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof TagmillError) throw error;
    return otherwise;
  }
}

/** The directory of the picture. */
function chooseDirectory(tiff: Tiff): TiffDirectory {
  const first = tiff.directory(tiff.firstDirectory);
  assertNotRaw(tiff, first);
  if (isPicture(tiff, first)) return first;
  const chain = [first];
  const seen = new Set([first.offset]);
  for (const each of chain) {
    for (const offset of [each.next, ...tiff.numbers(each, TIFF_TAG.subIfds)]) {
      if (offset === 0 || seen.has(offset) || seen.size > MAX_DIRECTORIES) continue;
      seen.add(offset);
      const directory = tiff.directory(offset);
      assertNotRaw(tiff, directory);
      chain.push(directory);
    }
  }
  return chain.find((each) => isPicture(tiff, each)) ?? first;
}

/** Neither a thumbnail nor a mask: NewSubfileType, or in old files SubfileType. */
function isPicture(tiff: Tiff, directory: TiffDirectory): boolean {
  const [kind = 0] = tiff.numbers(directory, TIFF_TAG.newSubfileType);
  const [oldKind] = tiff.numbers(directory, TIFF_TAG.subfileType);
  return (kind & 5) === 0 && oldKind !== 2;
}

function assertNotRaw(tiff: Tiff, directory: TiffDirectory): void {
  const [photometric = -1] = tiff.numbers(directory, TIFF_TAG.photometric);
  if (directory.fields.has(TIFF_TAG.dngVersion)) throw unsupported('DNG, a raw format of cameras,');
  if (FILTER_ARRAY.includes(photometric)) throw unsupported("A camera's raw format");
}

function readSamples(tiff: Tiff, directory: TiffDirectory): TiffSamples | undefined {
  const one = (tag: number, otherwise: number) => tiff.numbers(directory, tag)[0] ?? otherwise;
  const compression = one(TIFF_TAG.compression, 1);
  if (!COMPRESSIONS.has(compression)) {
    throw unsupported(`TIFF compressed by ${COMPRESSION_NAMES[compression] ?? `method ${compression}`}`);
  }
  const photometric = one(TIFF_TAG.photometric, PHOTOMETRIC.black);
  if (!(Object.values(PHOTOMETRIC) as number[]).includes(photometric))
    throw unsupported(`TIFF of colours ${photometric}`);
  const samples = one(TIFF_TAG.samplesPerPixel, 1);
  const bits = one(TIFF_TAG.bitsPerSample, 1);
  const format = one(TIFF_TAG.sampleFormat, 1);
  const isGrey = photometric === PHOTOMETRIC.white || photometric === PHOTOMETRIC.black;
  const colours = isGrey || photometric === PHOTOMETRIC.palette ? 1 : photometric === PHOTOMETRIC.cmyk ? 4 : 3;
  const extra = tiff.numbers(directory, TIFF_TAG.extraSamples);
  // libvips takes apart what is multiplied already, where alpha is all that is extra.
  const isPremultiplied = extra[0] === 1;
  const hasAlpha = isPremultiplied || extra[0] === 2;
  const isPlain = format === 1 || format === 4;
  const isUsual = isPlain && bits <= 16 && (samples <= colours || (samples === colours + 1 && hasAlpha));
  const isByteLab = photometric === PHOTOMETRIC.lab && bits === 8;
  if (isUsual && !isByteLab) return undefined;
  const kind = isByteLab ? 'lab' : format === 3 ? 'float' : 'integer';
  const isReadable =
    (isPlain ? [8, 16, 32].includes(bits) : format === 3 && bits === 32) &&
    (photometric === PHOTOMETRIC.black || photometric === PHOTOMETRIC.rgb || isByteLab) &&
    samples >= colours &&
    !isPremultiplied;
  if (isReadable && colours < 4) return { kind, colours: colours as 1 | 3, hasAlpha: samples > colours && hasAlpha };
  const names: Readonly<Record<number, string>> = { 2: 'signed', 3: 'floating-point', 5: 'complex', 6: 'complex' };
  throw unsupported(
    `TIFF of ${samples} ${names[format] ?? 'unsigned'} samples of ${bits} bits, colours ${photometric},`,
  );
}

function unsupported(what: string): TagmillError {
  return new TagmillError('unsupported-format', `${what} is not supported`);
}
