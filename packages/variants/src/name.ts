import { type Precision, TagmillError, type Variant } from '@tagmill/core';

export interface VariantName {
  family: string;
  network: Variant['network'];
  /** Width multiplier: of MobileNet V1 in (0, 1], of MobileNetV2 up to 1.4. */
  alpha: number;
  /** Pixels of the square that the network sees. */
  resolution: number;
  precision: Precision;
}

const PATTERN = /^(?<family>[a-z][a-z0-9-]*)\/(?<v2>v2-)?(?<alpha>[01](?:\.\d+)?)-(?<resolution>\d+)(?:-int8)?$/;

/**
 * Takes a variant's name apart.
 *
 * @throws {TagmillError} `invalid-argument` if it is not `<family>/[v2-]<alpha>-<resolution>[-int8]`.
 *
 * @example
 * parseVariantName('imagenet/0.75-192-int8')
 * // { family: 'imagenet', network: 'mobilenet-v1', alpha: 0.75, resolution: 192, precision: 'int8' }
 */
export function parseVariantName(name: string): VariantName {
  const groups = PATTERN.exec(name)?.groups;
  if (!groups) {
    throw new TagmillError(
      'invalid-argument',
      `"${name}" is no variant: expected <family>/[v2-]<alpha>-<resolution>[-int8]`,
    );
  }
  return {
    family: groups.family!,
    network: groups.v2 ? 'mobilenet-v2' : 'mobilenet-v1',
    alpha: Number(groups.alpha),
    resolution: Number(groups.resolution),
    precision: parsePrecision(name),
  };
}

/** The precision that a variant's name states. */
export function parsePrecision(name: string): Precision {
  return name.endsWith('-int8') ? 'int8' : 'float32';
}

/**
 * The name of a variant: the inverse of {@link parseVariantName}.
 *
 * @example
 * formatVariantName({ family: 'imagenet', network: 'mobilenet-v2', alpha: 1, resolution: 224, precision: 'float32' })
 * // 'imagenet/v2-1.0-224'
 */
export function formatVariantName({ family, network, alpha, resolution, precision }: VariantName): string {
  const width = Number.isInteger(alpha) ? alpha.toFixed(1) : String(alpha);
  return `${family}/${network === 'mobilenet-v2' ? 'v2-' : ''}${width}-${resolution}${precision === 'int8' ? '-int8' : ''}`;
}

/** Orders names as people read them: by family, network, width, resolution, float32 before int8. */
export function compareVariantNames(a: string, b: string): number {
  const [one, other] = [parseVariantName(a), parseVariantName(b)];
  return (
    one.family.localeCompare(other.family, 'en') ||
    one.network.localeCompare(other.network, 'en') ||
    one.alpha - other.alpha ||
    one.resolution - other.resolution ||
    one.precision.localeCompare(other.precision, 'en')
  );
}
