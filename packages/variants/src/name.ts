import { type Precision, TagmillError } from '@tagmill/core';

export interface VariantName {
  family: string;
  /** Width multiplier, in (0, 1]. */
  alpha: number;
  /** Pixels of the square that the network sees. */
  resolution: number;
  precision: Precision;
}

const PATTERN = /^(?<family>[a-z][a-z0-9-]*)\/(?<alpha>[01](?:\.\d+)?)-(?<resolution>\d+)(?:-int8)?$/;

/**
 * Takes a variant's name apart.
 *
 * @throws {TagmillError} `invalid-argument` if it is not `<family>/<alpha>-<resolution>[-int8]`.
 *
 * @example
 * parseVariantName('imagenet/0.75-192-int8')
 * // { family: 'imagenet', alpha: 0.75, resolution: 192, precision: 'int8' }
 */
export function parseVariantName(name: string): VariantName {
  const groups = PATTERN.exec(name)?.groups;
  if (!groups) {
    throw new TagmillError(
      'invalid-argument',
      `"${name}" is no variant: expected <family>/<alpha>-<resolution>[-int8]`,
    );
  }
  return {
    family: groups.family!,
    alpha: Number(groups.alpha),
    resolution: Number(groups.resolution),
    precision: precisionOf(name),
  };
}

/** The precision that a variant's name states. */
export function precisionOf(name: string): Precision {
  return name.endsWith('-int8') ? 'int8' : 'float32';
}

/**
 * The name of a variant: the inverse of {@link parseVariantName}.
 *
 * @example
 * formatVariantName({ family: 'everyday', alpha: 1, resolution: 128, precision: 'float32' }) // 'everyday/1.0-128'
 */
export function formatVariantName({ family, alpha, resolution, precision }: VariantName): string {
  const width = Number.isInteger(alpha) ? alpha.toFixed(1) : String(alpha);
  return `${family}/${width}-${resolution}${precision === 'int8' ? '-int8' : ''}`;
}

/** Orders names as people read them: by family, width, resolution, float32 before int8. */
export function compareVariantNames(a: string, b: string): number {
  const [one, other] = [parseVariantName(a), parseVariantName(b)];
  return (
    one.family.localeCompare(other.family, 'en') ||
    one.alpha - other.alpha ||
    one.resolution - other.resolution ||
    one.precision.localeCompare(other.precision, 'en')
  );
}
