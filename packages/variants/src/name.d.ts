import { type Precision, type Variant } from '@tagmill/core';
export interface VariantName {
    family: string;
    network: Variant['network'];
    /** Width multiplier: of MobileNet V1 in (0, 1], of MobileNetV2 up to 1.4. */
    alpha: number;
    /** Pixels of the square that the network sees. */
    resolution: number;
    precision: Precision;
}
/**
 * Takes a variant's name apart.
 *
 * @throws {TagmillError} `invalid-argument` if it is not `<family>/[v2-]<alpha>-<resolution>[-int8]`.
 *
 * @example
 * parseVariantName('imagenet/0.75-192-int8')
 * // { family: 'imagenet', network: 'mobilenet-v1', alpha: 0.75, resolution: 192, precision: 'int8' }
 */
export declare function parseVariantName(name: string): VariantName;
/** The precision that a variant's name states. */
export declare function parsePrecision(name: string): Precision;
/**
 * The name of a variant: the inverse of {@link parseVariantName}.
 *
 * @example
 * formatVariantName({ family: 'imagenet', network: 'mobilenet-v2', alpha: 1, resolution: 224, precision: 'float32' })
 * // 'imagenet/v2-1.0-224'
 */
export declare function formatVariantName({ family, network, alpha, resolution, precision }: VariantName): string;
/** Orders names as people read them: by family, network, width, resolution, float32 before int8. */
export declare function compareVariantNames(a: string, b: string): number;
