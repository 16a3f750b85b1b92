import { SERVICE_LIMITS } from './service-limits.ts';

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
export function encodeFilterValue(text: string): string {
  // What encodeURIComponent leaves alone is what S3 calls safe, but for the tilde.
  const encoded = encodeURIComponent(text).replaceAll('~', '%7E');
  return encoded.replaceAll('%2F', '/').replaceAll('%20', '+');
}

/**
 * The keys below a prefix, as a policy's resource names them: the end of an object's ARN. A policy holds no character beyond U+00FF
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html); a wildcard stands for those, which allows more than the
 * prefix and never less.
 *
 * @example
 * policyKeys('year=2026/') // 'year=2026/*'
 */
export function policyKeys(prefix: string): string {
  return `${prefix.replace(/[^\x20-\x7e\xa0-\xff]+/g, '*')}*`.replace(/\*+$/, '*');
}

/**
 * What is wrong with a prefix or suffix, if anything is.
 *
 * @returns a fault to be shown after the option's name.
 */
export function faultOfKeyPart(text: string): string | undefined {
  // In a policy they are wildcards and variables, and a notification's filter takes no `*`.
  const wildcard = /[*?]|\$\{/.exec(text)?.[0];
  if (wildcard) return `may not hold ${wildcard}, which policies read as a wildcard or a variable`;
  if (!text.isWellFormed()) return 'is not well-formed Unicode';
  const { most } = SERVICE_LIMITS.filterRuleCharacters;
  if (encodeFilterValue(text).length > most) return `has more than ${most} characters when it is percent-encoded`;
  return undefined;
}
