/**
 * A prefix or suffix as the FilterRule of a bucket's notifications wants it, and nothing else does: a space is a `+`, other special
 * characters are percent-encoded, `/` stays.
 *
 * Unverified: read in https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html and in reports of
 * users (aws/aws-cdk #28012), not tried on AWS.
 *
 * @example
 * encodeFilterValue('year=2026/my photos/') // 'year%3D2026/my+photos/'
 */
export declare function encodeFilterValue(text: string): string;
/**
 * The keys below a prefix, as a policy's resource names them: the end of an object's ARN. A policy holds no character beyond U+00FF
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html); a wildcard stands for those, which allows more than the
 * prefix and never less.
 *
 * @example
 * policyKeys('year=2026/') // 'year=2026/*'
 */
export declare function policyKeys(prefix: string): string;
/**
 * What is wrong with a prefix or suffix, if anything is.
 *
 * @returns a fault to be shown after the option's name.
 */
export declare function faultOfKeyPart(text: string): string | undefined;
