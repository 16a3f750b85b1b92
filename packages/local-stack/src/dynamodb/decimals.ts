/**
 * DynamoDB's numbers: decimal, exact, 38 digits, from 1E-130 to below 1E+126.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html#HowItWorks.DataTypes.Number
 */
import { invalid } from './errors.ts';

/** `coefficient * 10 ** exponent`; no coefficient but 0 ends with a zero. */
interface Decimal {
  coefficient: bigint;
  exponent: number;
}

const MAX_DIGITS = 38;
const LARGEST_POWER = 125;
const SMALLEST_POWER = -130;
const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;
/** A short whole number is canonical as it stands. */
const PLAIN = /^(0|-?[1-9]\d{0,15})$/;

/**
 * @returns the number as DynamoDB gives it back: without exponent, leading or trailing zeros.
 * @throws {DynamoDbError} for what is no number, has too many digits, or is too large or too small.
 */
export function canonicalNumber(text: string): string {
  return PLAIN.test(text) && !text.endsWith('0') ? text : formatDecimal(parseDecimal(text));
}

/** @param sign -1 subtracts. */
export function addNumbers(a: string, b: string, sign: 1 | -1 = 1): string {
  const [x, y] = [parseDecimal(a), parseDecimal(b)];
  const exponent = Math.min(x.exponent, y.exponent);
  const scale = (each: Decimal) => each.coefficient * 10n ** BigInt(each.exponent - exponent);
  return formatDecimal(checked(scale(x) + BigInt(sign) * scale(y), exponent));
}

/** @returns below, at or above 0. */
export function compareNumbers(a: string, b: string): number {
  return Buffer.compare(encodeNumber(a), encodeNumber(b));
}

/** Bytes that are in the order of the numbers. */
export function encodeNumber(text: string): Buffer {
  const { coefficient, exponent } = parseDecimal(text);
  if (coefficient === 0n) return Buffer.of(1);
  const digits = String(coefficient < 0n ? -coefficient : coefficient);
  // Of the first digit, so that numbers of one power compare by their digits alone.
  const power = exponent + digits.length - SMALLEST_POWER;
  const magnitude = Buffer.concat([Buffer.of(power >> 8, power & 255), Buffer.from(digits)]);
  if (coefficient > 0n) return Buffer.concat([Buffer.of(2), magnitude]);
  return Buffer.concat([Buffer.of(0), magnitude.map((byte) => 255 - byte), Buffer.of(255)]);
}

/** Bytes that DynamoDB counts: one for each two digits, and one. */
export function measureNumber(canonical: string): number {
  const digits = canonical.replace(/[-.]/g, '').replace(/^0+|0+$/g, '').length;
  return Math.ceil(digits / 2) + (canonical.startsWith('-') ? 2 : 1);
}

function parseDecimal(text: string): Decimal {
  const [, sign, whole = '', fraction = '', power = '0'] = NUMBER.exec(text) ?? [];
  const digits = whole + fraction;
  if (sign === undefined || digits === '') {
    throw invalid(`The parameter cannot be converted to a numeric value: ${text}`);
  }
  return checked(BigInt(`${sign === '-' ? '-' : ''}${digits}`), Number(power) - fraction.length);
}

function checked(coefficient: bigint, exponent: number): Decimal {
  if (coefficient === 0n) return { coefficient, exponent: 0 };
  const digits = String(coefficient);
  const significant = digits.replace(/0+$/, '');
  const length = significant.replace('-', '').length;
  const power = exponent + digits.length - significant.length;
  const magnitude = power + length - 1;
  if (magnitude > LARGEST_POWER) {
    throw invalid('Number overflow. Attempting to store a number with magnitude larger than supported range');
  }
  if (magnitude < SMALLEST_POWER) {
    throw invalid('Number underflow. Attempting to store a number with magnitude smaller than supported range');
  }
  if (length > MAX_DIGITS) throw invalid(`Attempting to store more than ${MAX_DIGITS} significant digits in a Number`);
  return { coefficient: BigInt(significant), exponent: power };
}

function formatDecimal({ coefficient, exponent }: Decimal): string {
  const sign = coefficient < 0n ? '-' : '';
  const digits = String(coefficient).replace('-', '');
  if (exponent >= 0) return sign + digits + '0'.repeat(coefficient === 0n ? 0 : exponent);
  const padded = digits.padStart(1 - exponent, '0');
  return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}
