// Of the module: each bit asks for several, and a test's sandbox finds globals slowly.
const { abs, clz32, floor, max, min } = Math;

/** Bits of a probability. */
const SCALE = 2 ** 16;
/** Nothing is taken to be surer than one in two thousand: few numbers are coded, so little is known. */
const LEAST = 32;

/** Coding of one bit after another. A decoder ignores the bit that it is given; both say which it is. */
interface BitCoder {
  /** @param context which of the counted probabilities it goes by. */
  bit(value: boolean, context: number): boolean;
}

/** How often each bit was set so far, by context: as Krichevsky and Trofimov (1981) have it, with 0.4 in place of 0.5. */
class Counts {
  readonly #zeros = new Uint16Array(CONTEXTS);
  readonly #ones = new Uint16Array(CONTEXTS);

  /** The probability of a set bit, in parts of {@link SCALE}. In whole numbers, so that all machines agree. */
  probability(context: number): number {
    const [zeros, ones] = [this.#zeros[context]!, this.#ones[context]!];
    const share = floor((SCALE * (5 * ones + 2)) / (5 * (zeros + ones) + 4));
    return min(SCALE - LEAST, max(LEAST, share));
  }

  count(value: boolean, context: number): void {
    const counted = value ? this.#ones : this.#zeros;
    if (counted[context]! < 0xffff) counted[context]!++;
  }
}

/** The highest exponent of a number and one: bytes go up to 255. */
const MOST_BITS = 8;
/** Exponents of the number before that are told apart. */
const BEFORE = 6;
const SIGN = BEFORE * (MOST_BITS + 1);
const MANTISSAS = SIGN + 1;
const CONTEXTS_OF_A_KIND = MANTISSAS + (MOST_BITS + 1) * MOST_BITS;
const CONTEXTS = 2 * CONTEXTS_OF_A_KIND;

/** What a list of numbers is like: each kind is counted on its own. */
export type Kind = 'unsigned' | 'signed';

/**
 * Codes small numbers: the exponent of |value| + 1 in unary, by that of the number before; then what is below its highest bit, as
 * Elias' gamma code has it; then the sign.
 */
function codeNumbers(coder: BitCoder, values: { length: number; [index: number]: number }, kind: Kind): void {
  const start = kind === 'signed' ? CONTEXTS_OF_A_KIND : 0;
  let before = 0;
  for (let i = 0; i < values.length; i++) {
    const given = values[i]!;
    const magnitude = abs(given) + 1;
    const givenExponent = 31 - clz32(magnitude);
    let exponent = 0;
    while (exponent < MOST_BITS && coder.bit(exponent < givenExponent, start + before * (MOST_BITS + 1) + exponent)) {
      exponent++;
    }
    let found = 1;
    for (let bit = exponent - 1; bit >= 0; bit--) {
      const isSet = coder.bit(((magnitude >> bit) & 1) === 1, start + MANTISSAS + exponent * MOST_BITS + bit);
      found = 2 * found + Number(isSet);
    }
    found--;
    const isNegative = kind === 'signed' && found !== 0 && coder.bit(given < 0, start + SIGN);
    values[i] = isNegative ? -found : found;
    before = min(exponent, BEFORE - 1);
  }
}

/**
 * Writes small numbers in few bytes: adaptive binary arithmetic coding (Witten, Neal and Cleary 1987, doi:10.1145/214762.214771). A
 * network's scores take a seventh less than deflated, embeddings three quarters of a byte a number; deflate leaves those as they are.
 */
export class NumberEncoder implements BitCoder {
  readonly #counts = new Counts();
  readonly #bytes: number[] = [];
  #low = 0;
  #high = 0xffffffff;

  /** @param values -255 to 255; none below 0 if unsigned. */
  put(values: Uint8Array | Int8Array, kind: Kind): void {
    codeNumbers(this, Int16Array.from(values), kind);
  }

  bit(value: boolean, context: number): boolean {
    const middle = divide(this.#low, this.#high, this.#counts.probability(context));
    if (value) this.#high = middle;
    else this.#low = middle + 1;
    while ((this.#low ^ this.#high) >>> 24 === 0) {
      this.#bytes.push(this.#high >>> 24);
      this.#low = (this.#low << 8) >>> 0;
      this.#high = ((this.#high << 8) | 0xff) >>> 0;
    }
    this.#counts.count(value, context);
    return value;
  }

  /** All that was put, in its order. */
  end(): Uint8Array {
    // Followed by zeros it lies between low and high.
    return Uint8Array.from([...this.#bytes, this.#high >>> 24]);
  }
}

/** The inverse of {@link NumberEncoder}, which has to be asked for the same numbers in the same order. */
export class NumberDecoder implements BitCoder {
  readonly #counts = new Counts();
  readonly #bytes: Uint8Array;
  #next = 4;
  #low = 0;
  #high = 0xffffffff;
  #value: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    const [a = 0, b = 0, c = 0, d = 0] = bytes;
    this.#value = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  }

  take(count: number, kind: Kind): Int16Array {
    const values = new Int16Array(count);
    codeNumbers(this, values, kind);
    return values;
  }

  bit(_: boolean, context: number): boolean {
    const middle = divide(this.#low, this.#high, this.#counts.probability(context));
    const value = this.#value <= middle;
    if (value) this.#high = middle;
    else this.#low = middle + 1;
    while ((this.#low ^ this.#high) >>> 24 === 0) {
      this.#low = (this.#low << 8) >>> 0;
      this.#high = ((this.#high << 8) | 0xff) >>> 0;
      this.#value = ((this.#value << 8) | (this.#bytes[this.#next++] ?? 0)) >>> 0;
    }
    this.#counts.count(value, context);
    return value;
  }
}

/** The last number of the part of a range that stands for a set bit. */
function divide(low: number, high: number, probability: number): number {
  return low + floor(((high - low) * probability) / SCALE);
}
