/** Frequencies of each direction that bits are made of. */
const FREQUENCIES = 8;
/** The picture is averaged down to so many pixels a side first: finer detail doesn't survive a copy. */
const SIDE = 32;

/** By frequency, up to one beyond {@link FREQUENCIES}, then by pixel. */
const COSINES = Float32Array.from({ length: (FREQUENCIES + 1) * SIDE }, (_, i) =>
  Math.cos((Math.PI * Math.floor(i / SIDE) * ((i % SIDE) + 0.5)) / SIDE),
);

/**
 * A hash of 64 bits that a picture's copies share, but for a few bits: the signs of its lowest frequencies (Zauner 2010, "Implementation
 * and Benchmarking of Perceptual Image Hash Functions", section 3.2.1). He compares with the median. Signs alone have a use more: turning or
 * mirroring the picture permutes or inverts them, so that a turned copy is found by its hash.
 *
 * Bit 8 v + u, from the highest on, is set where the cosine of frequency u across and v down is positive. The mean, which says nothing of
 * the picture, gives its bit to frequency 8 of both directions.
 *
 * @param luma side x side numbers.
 * @returns 16 hexadecimal digits.
 */
export function perceptualHash(luma: Float32Array, side: number): string {
  const small = averageDown(luma, side);
  const across = new Float32Array((FREQUENCIES + 1) * SIDE);
  for (let u = 0; u <= FREQUENCIES; u++) {
    for (let y = 0; y < SIDE; y++) across[u * SIDE + y] = product(small, y * SIDE, u);
  }
  const isPositive = (u: number, v: number) => product(across, u * SIDE, v) > 0;
  let hash = '';
  for (let v = 0; v < FREQUENCIES; v++) {
    let bits = 0;
    for (let u = 0; u < FREQUENCIES; u++) {
      const isSet = u + v === 0 ? isPositive(FREQUENCIES, FREQUENCIES) : isPositive(u, v);
      bits = 2 * bits + Number(isSet);
    }
    hash += bits.toString(16).padStart(2, '0');
  }
  return hash;
}

/** How much of a frequency is in 32 numbers. */
function product(numbers: Float32Array, from: number, frequency: number): number {
  let sum = 0;
  for (let i = 0; i < SIDE; i++) sum += numbers[from + i]! * COSINES[frequency * SIDE + i]!;
  return sum;
}

/** 32 x 32 means; a pixel on a border counts in part to either side. */
function averageDown(luma: Float32Array, side: number): Float32Array {
  const rows = new Float32Array(SIDE * side);
  const shares = sharesOf(side);
  for (const { to, from, share } of shares) {
    for (let x = 0; x < side; x++) rows[to * side + x]! += share * luma[from * side + x]!;
  }
  const small = new Float32Array(SIDE * SIDE);
  for (let y = 0; y < SIDE; y++) {
    for (const { to, from, share } of shares) small[y * SIDE + to]! += share * rows[y * side + from]!;
  }
  return small;
}

interface Share {
  to: number;
  from: number;
  share: number;
}

/** By side, of which there are as many as networks have inputs. */
const known = new Map<number, Share[]>();

/** Which pixels of a row go into which of 32 means, and with what share. */
function sharesOf(side: number): Share[] {
  const found = known.get(side);
  if (found) return found;
  const width = side / SIDE;
  const shares: Share[] = [];
  for (let to = 0; to < SIDE; to++) {
    const [start, end] = [to * width, (to + 1) * width];
    for (let from = Math.floor(start); from < Math.min(side, Math.ceil(end)); from++) {
      const overlap = Math.min(end, from + 1) - Math.max(start, from);
      if (overlap > 1e-9) shares.push({ to, from, share: overlap / width });
    }
  }
  known.set(side, shares);
  return shares;
}
