import { centreMargin, type RgbPixels, type Scaling, type Size } from './scaling.ts';
import { TRIANGLE_FILTER_WASM } from './triangle-filter-wasm.ts';

/** What triangle-filter.wat exports; all numbers are addresses, or counts of bytes. */
interface Exports {
  memory: WebAssembly.Memory;
  blendRows(to: number, from: number, rowBytes: number, bytes: number, weights: number, weightsEnd: number): void;
  blendPixels(to: number, row: number, spans: number, spansEnd: number, weights: number): void;
}

/** Across or down: how long the picture is and becomes, and the part of that which is wanted. */
interface Axis {
  length: number;
  scaledLength: number;
  /** Of the picture's samples, for each scaled one. */
  factor: number;
  /** The first scaled sample that is wanted. */
  first: number;
  count: number;
}

/** What the weights of one scaled sample add up to. */
const UNIT = 256;

/** The blocks of {@link Exports} are of sixteen bytes, and may reach beyond what is meant. */
const SLACK_BYTES = 16;

let compiled: WebAssembly.Module | undefined;

/**
 * Reduces pictures with an antialiased triangle filter, in vector instructions: first the rows, then the columns, to the size and
 * the place that libvips brings them to with its `linear` kernel. Serves one picture at a time; its memory is kept for the next.
 *
 * @example
 * const filter = new TriangleFilter();
 * filter.pixels({ width: 500, height: 375 }).set(rgbx);
 * filter.scaled({ width: 500, height: 375 }, { width: 146, height: 146, fit: 'cover' }) // { data, width: 146, height: 146 }
 */
export class TriangleFilter {
  readonly #exports: Exports;

  constructor() {
    compiled ??= new WebAssembly.Module(Buffer.from(TRIANGLE_FILTER_WASM, 'base64'));
    this.#exports = new WebAssembly.Instance(compiled).exports as unknown as Exports;
  }

  /** Where a picture goes before it is scaled: width x height x 4 bytes, the fourth of any value. */
  pixels({ width, height }: Size): Buffer {
    const bytes = width * height * 4;
    return Buffer.from(this.#memory(bytes), 0, bytes);
  }

  /** Scales what was put into {@link pixels}, each way to at most its own length. */
  scaled(size: Size, scaling: Scaling): RgbPixels {
    const [columns, rows] = planAxes(size, scaling);
    const { blendRows, blendPixels } = this.#exports;
    const rowBytes = size.width * 4;
    const row = rowBytes * size.height + SLACK_BYTES;
    const data = row + rowBytes + SLACK_BYTES;
    const dataBytes = columns.count * rows.count * 3;
    const spans = roundUp(data + dataBytes + SLACK_BYTES, 4);
    const rowSpans = spans + columns.count * 8;
    const weights = rowSpans + rows.count * 8;
    const memory = this.#memory(weights + (weightsBytes(columns) + weightsBytes(rows)));
    const rowWeights = writeTaps(columns, { memory, spans, weights, stride: 4 });
    writeTaps(rows, { memory, spans: rowSpans, weights: rowWeights, stride: rowBytes });

    const offsets = new Int32Array(memory, spans, (columns.count + rows.count) * 2);
    const [left, right] = [offsets[0]!, offsets[columns.count * 2 - 1]!];
    let weight = rowWeights;
    for (let y = 0; y < rows.count; y++) {
      const [top, bottom] = [offsets[(columns.count + y) * 2]!, offsets[(columns.count + y) * 2 + 1]!];
      const weightsEnd = weight + ((bottom - top) / rowBytes) * 2;
      blendRows(row + left, top + left, rowBytes, right - left, weight, weightsEnd);
      blendPixels(data + y * columns.count * 3, row, spans, rowSpans, weights);
      weight = weightsEnd;
    }
    return { data: new Uint8Array(memory, data, dataBytes).slice(), width: columns.count, height: rows.count };
  }

  /** The memory, of at least so many bytes: what it held is kept, what pointed into it no longer does. */
  #memory(bytes: number): ArrayBuffer {
    const { memory } = this.#exports;
    const missing = bytes + SLACK_BYTES - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65_536));
    return memory.buffer;
  }
}

/** Across and down: the sizes that sharp scales to, and the middle that it cuts out. */
function planAxes(
  { width, height }: Size,
  { width: wantedWidth, height: wantedHeight, fit, centre }: Scaling,
): [Axis, Axis] {
  const factors: [number, number] = [width / wantedWidth, height / wantedHeight];
  if (fit === 'cover' || fit === 'outside') factors.fill(Math.min(...factors));
  if (fit === 'inside') factors.fill(Math.max(...factors, 1));
  const axis = (length: number, factor: number, wanted: number): Axis => {
    // libvips gets the inverse and inverts it again, which tells where halves are rounded to.
    const scaledLength = Math.max(1, Math.round(length / (1 / (1 / factor))));
    // An odd margin is larger at the left and the top.
    const [first, count] = fit === 'cover' ? [Math.ceil((scaledLength - wanted) / 2), wanted] : [0, scaledLength];
    if (!centre) return { length, scaledLength, factor, first, count };
    return { length, scaledLength, factor, first: first + centreMargin(count, centre), count: centre };
  };
  return [axis(width, factors[0], wantedWidth), axis(height, factors[1], wantedHeight)];
}

interface TapsPlace {
  memory: ArrayBuffer;
  /** For each scaled sample: the offset of the first that it is made of, and the offset after the last. */
  spans: number;
  /** One for each of these, 16 bits. */
  weights: number;
  /** From one sample to the next, bytes. */
  stride: number;
}

/**
 * Writes down what each scaled sample is made of.
 *
 * @returns the address after the last weight.
 */
function writeTaps(
  { length, scaledLength, factor, first, count }: Axis,
  { memory, spans, weights, stride }: TapsPlace,
): number {
  const offsets = new Int32Array(memory, spans, count * 2);
  const factors = new Uint16Array(memory, weights);
  let used = 0;
  for (let index = 0; index < count; index++) {
    // Whatever rounding the size adds or takes is shared by both ends.
    const centre = length / 2 + (first + index + 0.5 - scaledLength / 2) * factor;
    const from = Math.max(0, Math.floor(centre - factor - 0.5) + 1);
    const to = Math.min(length, Math.ceil(centre + factor - 0.5));
    const heightAt = (sample: number) => factor - Math.abs(sample + 0.5 - centre);
    let area = 0;
    for (let sample = from; sample < to; sample++) area += heightAt(sample);
    // Each rounding makes up for those before, so that the sum is exact.
    let [exact, given] = [0, 0];
    for (let sample = from; sample < to; sample++) {
      exact += (heightAt(sample) * UNIT) / area;
      const weight = Math.round(exact) - given;
      factors[used++] = weight;
      given += weight;
    }
    offsets[index * 2] = from * stride;
    offsets[index * 2 + 1] = to * stride;
  }
  return weights + used * 2;
}

/** Room for an axis' weights, at most. */
function weightsBytes({ factor, count }: Axis): number {
  return count * (Math.ceil(2 * factor) + 1) * 2;
}

function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}
