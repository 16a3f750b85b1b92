import { LONGEST, SERVICE_LIMITS } from './service-limits.ts';

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 *
 * @example
 * isBucketName('family-photos') // true
 */
export function isBucketName(text: string): boolean {
  const { least, most } = SERVICE_LIMITS.bucketNameCharacters;
  if (text.length < least || text.length > most) return false;
  if (!/^[a-z0-9]+([.-][a-z0-9]+|-{2,}[a-z0-9]+)*$/.test(text) || /^\d+(\.\d+){3}$/.test(text)) return false;
  return !RESERVED_BUCKET_NAMES.test(text);
}

const RESERVED_BUCKET_NAMES = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html */
export function isTableName(text: string): boolean {
  const { least, most } = SERVICE_LIMITS.tableNameCharacters;
  return /^[\w.-]+$/.test(text) && text.length >= least && text.length <= most;
}

/**
 * A chosen name with the account and the region put in.
 *
 * @example
 * fillName('photos-{account}-{region}', { account: '123456789012', region: 'eu-west-1' }) // 'photos-123456789012-eu-west-1'
 */
export function fillName(name: string, { account, region }: { account: string; region: string }): string {
  return name.replaceAll('{account}', account).replaceAll('{region}', region);
}

/** A chosen name, in the region whose name is the longest. */
export function nameAtItsLongest(name: string): string {
  return fillName(name, { account: LONGEST.accountId, region: LONGEST.region });
}

/**
 * How the bucket's name begins that CloudFormation makes of the stack's name, as a pattern. Of a long stack's name it keeps only
 * the first characters: how many is nowhere said, but more than these.
 *
 * @example
 * generatedBucketNames('Tagmill') // 'tagmill*'
 */
export function generatedBucketNames(stackName: string): string {
  return `${stackName.toLowerCase().slice(0, 16)}*`;
}
