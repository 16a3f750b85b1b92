/** Colours that a file tells by code points or chromaticities, where most tell them by a profile or not at all. */
import type { RgbPixels, Size } from '../pixels/scaling.ts';

/** By ITU-T H.273's tables 2 and 3. */
export interface CodedColours {
  primaries: number;
  transfer: number;
}

/** CIE 1931 x and y. */
type Chromaticity = readonly [x: number, y: number];

export interface Chromaticities {
  white: Chromaticity;
  red: Chromaticity;
  green: Chromaticity;
  blue: Chromaticity;
}

/** How samples of 0 to 1 become light, of which 1 is the white of a page, and what colours they are of. */
export interface ColourSpace {
  toLight: (sample: number) => number;
  chromaticities: Chromaticities;
}

const D65: Chromaticity = [0.3127, 0.329];
const C: Chromaticity = [0.31, 0.316];
const SRGB: Chromaticities = { white: D65, red: [0.64, 0.33], green: [0.3, 0.6], blue: [0.15, 0.06] };
const NTSC: Chromaticities = { white: D65, red: [0.63, 0.34], green: [0.31, 0.595], blue: [0.155, 0.07] };
const P3 = { red: [0.68, 0.32], green: [0.265, 0.69], blue: [0.15, 0.06] } as const;

/** H.273, table 2. Others are taken for sRGB's, as viewers do. */
const PRIMARIES: Readonly<Record<number, Chromaticities>> = {
  4: { white: C, red: [0.67, 0.33], green: [0.21, 0.71], blue: [0.14, 0.08] },
  5: { white: D65, red: [0.64, 0.33], green: [0.29, 0.6], blue: [0.15, 0.06] },
  6: NTSC,
  7: NTSC,
  8: { white: C, red: [0.681, 0.319], green: [0.243, 0.692], blue: [0.145, 0.049] },
  9: { white: D65, red: [0.708, 0.292], green: [0.17, 0.797], blue: [0.131, 0.046] },
  11: { white: [0.314, 0.351], ...P3 },
  12: { white: D65, ...P3 },
};

/** ITU-R BT.2408: the white of a page, in candelas a square metre, and as a signal of HLG. */
const WHITE_NITS = 203;
const HLG_WHITE = 0.75;

const fromSrgb = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);

/** H.273, table 3. Those of television, 1, 6, 14 and 15, are shown as sRGB's. */
const TRANSFERS: Readonly<Record<number, Pick<ColourSpace, 'toLight'>>> = {
  4: { toLight: (v) => v ** 2.2 },
  5: { toLight: (v) => v ** 2.8 },
  8: { toLight: (v) => v },
  16: { toLight: (v) => pqNits(v) / WHITE_NITS },
  17: { toLight: (v) => v ** 2.6 },
  // On a display of 334 candelas, as those of computers are, BT.2100's system gamma is 1: light of the scene is that of the display.
  18: { toLight: (v) => hlgScene(v) / hlgScene(HLG_WHITE) },
};

/** SMPTE ST 2084, as ITU-R BT.2100 has it in table 4. */
function pqNits(value: number): number {
  const [m1, m2, c1, c2, c3] = [
    2610 / 16_384,
    (2523 / 4096) * 128,
    3424 / 4096,
    (2413 / 4096) * 32,
    (2392 / 4096) * 32,
  ];
  const root = value ** (1 / m2);
  return 10_000 * (Math.max(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1);
}

/** ITU-R BT.2100, table 5: light of the scene, 0 to 1. */
function hlgScene(value: number): number {
  const [a, b, c] = [0.17883277, 0.28466892, 0.55991073];
  return value <= 0.5 ? value ** 2 / 3 : (Math.exp((value - c) / a) + b) / 12;
}

/** @returns nothing where the colours are sRGB's, or taken for them. */
export function readColourSpace({ primaries, transfer }: CodedColours): ColourSpace | undefined {
  const chromaticities = PRIMARIES[primaries];
  const curve = TRANSFERS[transfer];
  // Primaries of television are too near to sRGB's to be worth a way of their own, unless light is told in another way, too.
  const isUsual = !chromaticities || (primaries >= 5 && primaries <= 7);
  if (!curve && isUsual) return undefined;
  return { ...(curve ?? { toLight: fromSrgb }), chromaticities: chromaticities ?? SRGB };
}

/** PNG's gAMA and cHRM: what a sample's light is by a power, and its colours. */
export function colourSpaceOfGamma(exponent: number, chromaticities: Chromaticities = SRGB): ColourSpace {
  return { toLight: (v) => v ** exponent, chromaticities };
}

/**
 * Changes samples into sRGB. What is brighter than a page's white is white.
 *
 * @param samples three a pixel, of 0 to 65535.
 */
export function toSrgb(samples: Uint16Array, { width, height }: Size, space: ColourSpace): RgbPixels {
  const { toLight, chromaticities } = space;
  const matrix = multiply(invert(toXyz(SRGB)), multiply(adaptation(chromaticities.white), toXyz(chromaticities)));
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < data.length; at += 3) {
    const light = [0, 1, 2].map((i) => toLight(samples[at + i]! / 65_535));
    for (let i = 0; i < 3; i++) data[at + i] = encode(dot(matrix[i]!, light));
  }
  return { data, width, height };
}

function encode(light: number): number {
  const clipped = Math.max(0, Math.min(light, 1));
  return Math.round(255 * (clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055));
}

type Vector = readonly number[];
type Matrix = readonly Vector[];

function dot(a: Vector, b: Vector): number {
  return a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;
}

function multiply(a: Matrix, b: Matrix): Matrix {
  return a.map((row) =>
    [0, 1, 2].map((i) =>
      dot(
        row,
        b.map((each) => each[i]!),
      ),
    ),
  );
}

function xyzOf([x, y]: Chromaticity): Vector {
  return [x / y, 1, (1 - x - y) / y];
}

/** From linear RGB to XYZ: SMPTE RP 177. */
function toXyz({ white, red, green, blue }: Chromaticities): Matrix {
  const columns = [red, green, blue].map(xyzOf);
  const primaries = [0, 1, 2].map((row) => columns.map((column) => column[row]!));
  const scale = invert(primaries).map((row) => dot(row, xyzOf(white)));
  return primaries.map((row) => row.map((value, i) => value * scale[i]!));
}

const BRADFORD: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];

/** From a white to D65, by Bradford's matrix. */
function adaptation(white: Chromaticity): Matrix {
  const [from, to] = [white, D65].map((each) => BRADFORD.map((row) => dot(row, xyzOf(each))));
  const gains = [0, 1, 2].map((i) => [0, 1, 2].map((j) => (i === j ? to![i]! / from![i]! : 0)));
  return multiply(invert(BRADFORD), multiply(gains, BRADFORD));
}

function invert(m: Matrix): Matrix {
  const cofactor = (i: number, j: number) => {
    const [r1, r2] = [(i + 1) % 3, (i + 2) % 3];
    const [c1, c2] = [(j + 1) % 3, (j + 2) % 3];
    return m[r1]![c1]! * m[r2]![c2]! - m[r1]![c2]! * m[r2]![c1]!;
  };
  const determinant = dot(
    m[0]!,
    [0, 1, 2].map((j) => cofactor(0, j)),
  );
  return [0, 1, 2].map((i) => [0, 1, 2].map((j) => cofactor(j, i) / determinant));
}

const D50: Chromaticity = [0.3457, 0.3585];
const LAB_TO_LINEAR = multiply(invert(toXyz(SRGB)), adaptation(D50));

/**
 * CIELab as TIFF stores it in bytes (TIFF 6.0, section 23): L of 0 to 255, a and b with a sign, under D50.
 *
 * @param pixel gets sRGB of 0 to 1.
 */
export function labToSrgb(l: number, a: number, b: number, pixel: number[]): void {
  const y = ((l / 255) * 100 + 16) / 116;
  const xyz = [y + ((a << 24) >> 24) / 500, y, y - ((b << 24) >> 24) / 200].map((f, i) => {
    const relative = f > 6 / 29 ? f ** 3 : 3 * (6 / 29) ** 2 * (f - 4 / 29);
    return relative * xyzOf(D50)[i]!;
  });
  for (let i = 0; i < 3; i++) pixel[i] = encode(dot(LAB_TO_LINEAR[i]!, xyz)) / 255;
}
