import { type Chromaticities, type ColourSpace, colourSpaceOfGamma, readColourSpace } from './coded-colours.ts';

/** What sRGB is, nearly, by a power alone: no picture is worse for being taken for it. */
const SRGB_EXPONENT = 2.2;
const NEAR = 0.05;

const NAMES: ReadonlyMap<number, string> = new Map(
  ['cICP', 'iCCP', 'sRGB', 'gAMA', 'cHRM', 'IDAT'].map((name) => [Buffer.from(name).readUInt32BE(), name]),
);

/**
 * The colours that a PNG tells by its chunks, where neither a profile nor sRGB does: PNG (third edition), 11.3.2 and 4.3, by whose order
 * cICP comes first, then iCCP, sRGB, and gAMA with cHRM.
 */
export function readPngColours(bytes: Uint8Array): ColourSpace | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at + 12 <= file.length; at += 12 + file.readUInt32BE(at)) {
    // As a number: a file may have millions of others.
    const name = NAMES.get(file.readUInt32BE(at + 4));
    if (name === 'IDAT') break;
    if (name) chunks.set(name, file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
  }
  const coded = chunks.get('cICP');
  if (coded?.length === 4) return readColourSpace({ primaries: coded[0]!, transfer: coded[1]! });
  if (chunks.has('iCCP') || chunks.has('sRGB')) return undefined;
  const gamma = chunks.get('gAMA');
  if (gamma?.length !== 4 || gamma.readUInt32BE() === 0) return undefined;
  const exponent = 100_000 / gamma.readUInt32BE();
  const chromaticities = readChromaticities(chunks.get('cHRM'));
  const isSrgb = Math.abs(exponent / SRGB_EXPONENT - 1) < NEAR && (!chromaticities || isNearSrgb(chromaticities));
  return isSrgb ? undefined : colourSpaceOfGamma(exponent, chromaticities);
}

function readChromaticities(chunk: Buffer | undefined): Chromaticities | undefined {
  if (chunk?.length !== 32) return undefined;
  const at = (index: number) =>
    [chunk.readUInt32BE(index * 8) / 100_000, chunk.readUInt32BE(index * 8 + 4) / 100_000] as const;
  const [white, red, green, blue] = [at(0), at(1), at(2), at(3)];
  // A triangle that is none describes no colours.
  const area = (red[0] - blue[0]) * (green[1] - blue[1]) - (green[0] - blue[0]) * (red[1] - blue[1]);
  if (Math.abs(area) < 0.01 || [white, red, green, blue].some(([, y]) => y <= 0)) return undefined;
  return { white, red, green, blue };
}

function isNearSrgb({ red, green, blue }: Chromaticities): boolean {
  const ours = [...red, ...green, ...blue];
  return [0.64, 0.33, 0.3, 0.6, 0.15, 0.06].every((value, i) => Math.abs(value - ours[i]!) < 0.005);
}
