import { MARKER } from '../../src/jpeg/jpeg-segments.ts';

export interface WrittenJpeg {
  /** Minimum coded units. */
  across: number;
  down: number;
  /** 1 for a grey picture. */
  components: 1 | 3;
  /** Blocks of luma in a unit. */
  sampling: [across: 1 | 2, down: 1 | 2];
  restartInterval: number;
  /** Of each word of the codes, which have no shorter and no longer ones: 4 to 16, 8 to 16. */
  dcWordBits: number;
  acWordBits: number;
  /** 0 to 1. */
  random: () => number;
}

const AC_SYMBOLS = [0x00, 0xf0, ...Array.from({ length: 160 }, (_, i) => Math.floor(i / 10) * 16 + (i % 10) + 1)];
const DC_SYMBOLS = Array.from({ length: 12 }, (_, size) => size);

/**
 * Writes a baseline JPEG (ITU-T T.81) of random coefficients, in ways that sharp writes none: any sampling, restarts, words of any
 * length. Its chroma has DC coefficients alone, which every decoder makes the same of.
 */
export function writeJpeg(options: WrittenJpeg): Buffer {
  const { across, down, components, sampling, restartInterval, dcWordBits, acWordBits, random } = options;
  const isGrey = components === 1;
  const [h, v] = isGrey ? [1, 1] : sampling;
  const whole = (below: number) => Math.floor(random() * below);
  const data: number[] = [];
  let [word, bits] = [0, 0];
  const put = (value: number, count: number) => {
    for (let bit = count - 1; bit >= 0; bit--) {
      word = word * 2 + ((value >> bit) & 1);
      if (++bits < 8) continue;
      data.push(word, ...(word === 0xff ? [0] : []));
      [word, bits] = [0, 0];
    }
  };
  const putRest = () => put(0x7f, (8 - bits) % 8);
  const putValue = (value: number, size: number) => put(value < 0 ? value + 2 ** size - 1 : value, size);
  const sizeOf = (value: number) => 32 - Math.clz32(Math.abs(value));
  const putAc = (symbol: number) => put(AC_SYMBOLS.indexOf(symbol), acWordBits);
  const last = [0, 0, 0];
  const putBlock = (component: number) => {
    const dc = whole(120) - 60;
    const difference = dc - last[component]!;
    last[component] = dc;
    put(sizeOf(difference), dcWordBits);
    putValue(difference, sizeOf(difference));
    let coefficients = 0;
    while (component === 0 && random() < 0.8) {
      const [zeros, size] = [whole(random() < 0.2 ? 40 : 3), 1 + whole(random() < 0.2 ? 10 : 3)];
      if (coefficients + zeros >= 63) break;
      for (let sixteen = 16; sixteen <= zeros; sixteen += 16) putAc(0xf0);
      putAc((zeros % 16) * 16 + size);
      put(whole(2 ** size), size);
      coefficients += zeros + 1;
    }
    if (coefficients < 63) putAc(0);
  };
  for (let unit = 0; unit < across * down; unit++) {
    if (restartInterval > 0 && unit > 0 && unit % restartInterval === 0) {
      putRest();
      data.push(0xff, MARKER.RST0 + ((unit / restartInterval - 1) % 8));
      last.fill(0);
    }
    for (let block = 0; block < h * v; block++) putBlock(0);
    for (let chroma = 1; chroma < components; chroma++) putBlock(chroma);
  }
  putRest();
  const ids = [1, 2, 3].slice(0, components);
  const counts = (symbols: number[], wordBits: number) =>
    Array.from({ length: 16 }, (_, i) => (i === wordBits - 1 ? symbols.length : 0));
  const [height, width] = [down * v * 8, across * h * 8].map((side) => [side >> 8, side & 255]);
  return Buffer.concat([
    Buffer.from([0xff, MARKER.SOI]),
    segment(MARKER.DQT, [0, ...Array(64).fill(16)]),
    segment(MARKER.SOF0, [
      8,
      ...height!,
      ...width!,
      components,
      ...ids.flatMap((id) => [id, id === 1 ? h * 16 + v : 0x11, 0]),
    ]),
    segment(MARKER.DHT, [0x00, ...counts(DC_SYMBOLS, dcWordBits), ...DC_SYMBOLS]),
    segment(MARKER.DHT, [0x10, ...counts(AC_SYMBOLS, acWordBits), ...AC_SYMBOLS]),
    segment(MARKER.DRI, [restartInterval >> 8, restartInterval & 255]),
    segment(MARKER.SOS, [components, ...ids.flatMap((id) => [id, 0]), 0, 63, 0]),
    Buffer.from(data),
    Buffer.from([0xff, MARKER.EOI]),
  ]);
}

function segment(marker: number, content: number[]): Buffer {
  const length = content.length + 2;
  return Buffer.from([0xff, marker, length >> 8, length & 255, ...content]);
}
