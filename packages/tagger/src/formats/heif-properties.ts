import type { Size } from '../pixels/scaling.ts';
import type { CodedColours } from './coded-colours.ts';
import { readHevcColours } from './hevc-colours.ts';

/** What the primary picture of a HEIF file (ISO 23008-12, in boxes of ISO 14496-12) is to be shown as. */
export interface HeifProperties {
  /** ITU-T H.273's code points; where there is a colour profile, that counts. */
  colours?: CodedColours | undefined;
  colourProfile?: Buffer;
  /** The part of it that is shown, as displayed, and the size of the whole. */
  crop?: Crop;
  wholeSize?: Size;
  /** Where the crop stands in the file, so that it can be hidden: see {@link withoutCrop}. */
  cropAssociation?: { offset: number; index: number; isWide: boolean };
}

export interface Crop extends Size {
  left: number;
  top: number;
}

interface Box {
  type: string;
  /** Offset of the box, and of its content. */
  start: number;
  content: number;
  end: number;
}

/** Boxes of boxes, and how many bytes of their content come before these. */
const CONTAINERS: Readonly<Record<string, number>> = { meta: 4, iprp: 0, ipco: 0 };

/** @returns nothing of what a damaged file says: its decoder is asked. */
export function readHeifProperties(bytes: Uint8Array): HeifProperties {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    return readProperties(file);
  } catch {
    return {};
  }
}

/** The same file, of which its decoder shows all: libheif takes a crop for a lie about the size (strukturag/libheif #1856). */
export function withoutCrop(
  bytes: Uint8Array,
  { offset, index, isWide }: NonNullable<HeifProperties['cropAssociation']>,
): Buffer {
  const file = Buffer.from(bytes);
  if (isWide) file.writeUInt16BE(index, offset);
  else file[offset] = index;
  return file;
}

function readProperties(file: Buffer): HeifProperties {
  const meta = [...boxesIn(file, 0, file.length)].find(({ type }) => type === 'meta');
  if (!meta) return {};
  const inMeta = listChildren(file, meta);
  const primary = inMeta.find(({ type }) => type === 'pitm');
  const inIprp = inMeta.filter(({ type }) => type === 'iprp').flatMap((box) => listChildren(file, box));
  const container = inIprp.find(({ type }) => type === 'ipco');
  if (!primary || !container) return {};
  const item =
    file[primary.content] === 0 ? file.readUInt16BE(primary.content + 4) : file.readUInt32BE(primary.content + 4);
  const all = listChildren(file, container);
  const associations = inIprp
    .filter(({ type }) => type === 'ipma')
    .flatMap((box) => readAssociations(file, box, item))
    .map((association) => ({ ...association, box: all[association.index - 1] }))
    .filter((each): each is typeof each & { box: Box } => each.box !== undefined);
  const named = (type: string) => associations.filter(({ box }) => box.type === type);
  const [size] = named('ispe');
  const [crop] = named('clap');
  return {
    ...ownColours(file, all),
    ...readColours(
      file,
      named('colr').map(({ box }) => box),
    ),
    ...(size &&
      crop && {
        crop: turnCrop(readClap(file, crop.box, readSize(file, size.box)), readSize(file, size.box), {
          turns: named('irot').map(({ box }) => file[box.content]! & 3)[0] ?? 0,
          mirror: named('imir').map(({ box }) => file[box.content]! & 1)[0],
        }),
        wholeSize: readSize(file, size.box),
        cropAssociation: { offset: crop.offset, index: size.index, isWide: crop.isWide },
      }),
  };
}

function* boxesIn(file: Buffer, from: number, to: number): Generator<Box> {
  for (let start = from; start + 8 <= to; ) {
    const short = file.readUInt32BE(start);
    const isLong = short === 1;
    const size = isLong ? Number(file.readBigUInt64BE(start + 8)) : short === 0 ? to - start : short;
    const content = start + (isLong ? 16 : 8);
    const end = start + size;
    if (end < content || end > to) return;
    yield { type: file.toString('latin1', start + 4, start + 8), start, content, end };
    start = end;
  }
}

function listChildren(file: Buffer, { type, content, end }: Box): Box[] {
  return [...boxesIn(file, content + CONTAINERS[type]!, end)];
}

/** What the picture itself says, or the first of a grid of them: a box is there to say otherwise. */
function ownColours(file: Buffer, properties: readonly Box[]): Pick<HeifProperties, 'colours'> {
  const configuration = properties.find(({ type }) => type === 'hvcC');
  const colours = configuration && readHevcColours(file.subarray(configuration.content, configuration.end));
  return colours ? { colours } : {};
}

/** ipma: which properties an item has, by their place in ipco, from 1. */
function readAssociations(file: Buffer, { content, end }: Box, wanted: number) {
  const [isLongId, isWide] = [file[content]! > 0, (file[content + 3]! & 1) === 1];
  const found: { index: number; offset: number; isWide: boolean }[] = [];
  let at = content + 8;
  for (let left = file.readUInt32BE(content + 4); left > 0 && at < end; left--) {
    const item = isLongId ? file.readUInt32BE(at) : file.readUInt16BE(at);
    at += isLongId ? 4 : 2;
    const count = file.readUInt8(at++);
    for (let i = 0; i < count; i++, at += isWide ? 2 : 1) {
      const index = isWide ? file.readUInt16BE(at) & 0x7fff : file.readUInt8(at) & 0x7f;
      if (item === wanted) found.push({ index, offset: at, isWide });
    }
  }
  return found;
}

function readColours(file: Buffer, boxes: readonly Box[]): Pick<HeifProperties, 'colours' | 'colourProfile'> {
  const readKind = ({ content }: Box) => file.toString('latin1', content, content + 4);
  const profile = boxes.find((box) => ['prof', 'rICC'].includes(readKind(box)));
  if (profile) return { colours: undefined, colourProfile: file.subarray(profile.content + 4, profile.end) };
  const coded = boxes.find((box) => readKind(box) === 'nclx');
  if (!coded) return {};
  return {
    colours: { primaries: file.readUInt16BE(coded.content + 4), transfer: file.readUInt16BE(coded.content + 6) },
  };
}

function readSize(file: Buffer, { content }: Box): Size {
  return { width: file.readUInt32BE(content + 4), height: file.readUInt32BE(content + 8) };
}

/** clap: width, height, and by how much its centre lies right of and below the picture's, each as a fraction. */
function readClap(file: Buffer, { content }: Box, picture: Size): Crop {
  const fraction = (at: number) => file.readInt32BE(content + at) / file.readInt32BE(content + at + 4);
  const [width, height] = [Math.round(fraction(0)), Math.round(fraction(8))];
  const left = Math.round((picture.width - width) / 2 + fraction(16));
  const top = Math.round((picture.height - height) / 2 + fraction(24));
  const isInside = left >= 0 && top >= 0 && left + width <= picture.width && top + height <= picture.height;
  return isInside && width > 0 && height > 0 ? { left, top, width, height } : { left: 0, top: 0, ...picture };
}

/** Where a crop gets to when the picture is turned, anticlockwise by quarters, and mirrored: 0 swaps top and bottom, 1 left and right. */
function turnCrop(crop: Crop, picture: Size, { turns, mirror }: { turns: number; mirror: number | undefined }): Crop {
  let { left, top, width, height } = crop;
  let [pictureWidth, pictureHeight] = [picture.width, picture.height];
  for (let i = 0; i < turns; i++) {
    [left, top, width, height] = [top, pictureWidth - left - width, height, width];
    [pictureWidth, pictureHeight] = [pictureHeight, pictureWidth];
  }
  if (mirror === 0) top = pictureHeight - top - height;
  if (mirror === 1) left = pictureWidth - left - width;
  return { left, top, width, height };
}
