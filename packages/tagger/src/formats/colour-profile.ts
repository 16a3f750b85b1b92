import type { ImageHeader } from '../inspect.ts';
import { type JpegSegment, MARKER, PROFILE_NAME } from '../jpeg/jpeg-segments.ts';
import type { RgbPixels } from '../pixels/scaling.ts';

/** From XYZ, adapted to D50 as profiles have it, to the linear values of sRGB: IEC 61966-2-1, adapted by Bradford's matrix. */
const XYZ_TO_SRGB = [
  [3.1338561, -1.6168667, -0.4906146],
  [-0.9787684, 1.9161415, 0.033454],
  [0.0719453, -0.2289914, 1.4052427],
];

/** Of a table from linear values to sRGB's bytes: fine enough for the steepest, the darkest. */
const STEPS = 16_384;

/** Made for the first picture that needs it: it takes 3 ms, and a process is waited for that starts. */
let srgbTable: Uint8Array | undefined;

function toSrgbByte(step: number): number {
  const linear = step / STEPS;
  return Math.round(255 * (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055));
}

/**
 * How to change a JPEG's scaled pixels into sRGB, in place, as colour management does: where its profile consists of a curve for each of
 * red, green and blue, and of the colours that these have. Those of phones, cameras and what edits photos are so.
 *
 * @returns nothing of a file with a profile of another kind.
 */
export function colourChange(
  file: Buffer,
  { encoding: { colourProfile, jpegSegments } }: ImageHeader,
): ((picture: RgbPixels) => RgbPixels) | undefined {
  if (!colourProfile) return (picture) => picture;
  const profile = embeddedProfile(file, jpegSegments);
  if (profile.length < 132 || profile.toString('latin1', 16, 24) !== 'RGB XYZ ') return undefined;
  const tags = readTags(profile);
  const [red, green, blue] = ['rTRC', 'gTRC', 'bTRC'].map((name) => readCurve(tags.get(name)));
  const colours = ['rXYZ', 'gXYZ', 'bXYZ']
    .map((name) => readXyz(tags.get(name)))
    .filter((colour) => colour !== undefined);
  // A profile with a table goes by that.
  if (!red || !green || !blue || colours.length < 3 || tags.has('A2B0')) return undefined;
  const [toRed, toGreen, toBlue] = XYZ_TO_SRGB.map((row) =>
    colours.map((xyz) => row.reduce((sum, factor, i) => sum + factor * xyz[i]!, 0)),
  ) as [Row, Row, Row];
  srgbTable ??= Uint8Array.from({ length: STEPS + 1 }, (_, step) => toSrgbByte(step));
  const table = srgbTable;
  return (picture) => {
    const { data } = picture;
    for (let at = 0; at < data.length; at += 3) {
      const [r, g, b] = [red[data[at]!]!, green[data[at + 1]!]!, blue[data[at + 2]!]!];
      data[at] = table[toStep(toRed[0] * r + toRed[1] * g + toRed[2] * b)]!;
      data[at + 1] = table[toStep(toGreen[0] * r + toGreen[1] * g + toGreen[2] * b)]!;
      data[at + 2] = table[toStep(toBlue[0] * r + toBlue[1] * g + toBlue[2] * b)]!;
    }
    return picture;
  };
}

type Row = [number, number, number];

function toStep(linear: number): number {
  // An integer first: with Math.round, and limits of fractions, this took half of a small photo's decoding.
  const step = (linear * STEPS + 0.5) | 0;
  return Math.max(0, Math.min(step, STEPS));
}

/** Its parts, in the order of their numbers. */
function embeddedProfile(file: Buffer, segments: readonly JpegSegment[]): Buffer {
  const parts: Buffer[] = [];
  for (const { marker, start, end } of segments) {
    const content = file.subarray(start, end);
    // A profile of three colours is none of a grey picture's.
    if (marker === MARKER.SOF0 && content[5] !== 3) return Buffer.alloc(0);
    const isPart = marker === MARKER.APP2 && content.toString('latin1', 0, 12) === PROFILE_NAME;
    if (isPart && content.length > 14) parts[content[12]!] = content.subarray(14);
  }
  return Buffer.concat(Object.values(parts));
}

/** ICC.1:2022, 7.3. */
function readTags(profile: Buffer): Map<string, Buffer> {
  const tags = new Map<string, Buffer>();
  const count = profile.readUInt32BE(128);
  for (let at = 132; at + 12 <= profile.length && tags.size < count; at += 12) {
    const offset = profile.readUInt32BE(at + 4);
    tags.set(profile.toString('latin1', at, at + 4), profile.subarray(offset, offset + profile.readUInt32BE(at + 8)));
  }
  return tags;
}

/** 10.31. */
function readXyz(tag: Buffer | undefined): Row | undefined {
  if (!tag || tag.length < 20 || tag.toString('latin1', 0, 4) !== 'XYZ ') return undefined;
  return [fixedAt(tag, 8), fixedAt(tag, 12), fixedAt(tag, 16)];
}

/** s15Fixed16Number: 4.6. */
function fixedAt(tag: Buffer, offset: number): number {
  return tag.readInt32BE(offset) / 65_536;
}

/** For each byte its linear value: of black 0, of white 1, else colour management has more to do. */
function readCurve(tag: Buffer | undefined): Float64Array | undefined {
  const curve = tag && (sampledCurve(tag) ?? parametricCurve(tag));
  const values = curve && Float64Array.from({ length: 256 }, (_, byte) => curve(byte / 255));
  const isWhole = values?.every(Number.isFinite) && values[0]! < 0.001 && Math.abs(values[255]! - 1) < 0.001;
  return isWhole ? values : undefined;
}

type Curve = (value: number) => number;

/** curveType: 10.6. */
function sampledCurve(tag: Buffer): Curve | undefined {
  if (tag.length < 12 || tag.toString('latin1', 0, 4) !== 'curv') return undefined;
  const count = tag.readUInt32BE(8);
  if (tag.length < 12 + count * 2) return undefined;
  if (count === 0) return (value) => value;
  if (count === 1) return (value) => value ** (tag.readUInt16BE(12) / 256);
  const sample = (index: number) => tag.readUInt16BE(12 + 2 * Math.min(index, count - 1)) / 65_535;
  return (value) => {
    const at = value * (count - 1);
    const before = Math.floor(at);
    return sample(before) + (at - before) * (sample(before + 1) - sample(before));
  };
}

/** How many parameters its functions have. */
const PARAMETERS = [1, 3, 4, 5, 7];

/** parametricCurveType: 10.18, table 68. */
function parametricCurve(tag: Buffer): Curve | undefined {
  if (tag.length < 12 || tag.toString('latin1', 0, 4) !== 'para') return undefined;
  const kind = tag.readUInt16BE(8);
  const count = PARAMETERS[kind];
  if (count === undefined || tag.length < 12 + count * 4) return undefined;
  const [g = 1, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = Array.from({ length: count }, (_, i) =>
    fixedAt(tag, 12 + 4 * i),
  );
  switch (kind) {
    case 0:
      return (x) => x ** g;
    case 1:
      return (x) => (x >= -b / a ? (a * x + b) ** g : 0);
    case 2:
      return (x) => (x >= -b / a ? (a * x + b) ** g + c : c);
    case 3:
      return (x) => (x >= d ? (a * x + b) ** g : c * x);
    default:
      return (x) => (x >= d ? (a * x + b) ** g + e : c * x + f);
  }
}
