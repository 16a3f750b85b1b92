/**
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 *
 * @example
 * isBucketName('family-photos') // true
 */
export declare function isBucketName(text: string): boolean;
/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html */
export declare function isTableName(text: string): boolean;
/**
 * A chosen name with the account and the region put in.
 *
 * @example
 * fillName('photos-{account}-{region}', { account: '123456789012', region: 'eu-west-1' }) // 'photos-123456789012-eu-west-1'
 */
export declare function fillName(name: string, { account, region }: {
    account: string;
    region: string;
}): string;
/** A chosen name, in the region whose name is the longest. */
export declare function nameAtItsLongest(name: string): string;
/**
 * How the bucket's name begins that CloudFormation makes of the stack's name, as a pattern. Of a long stack's name it keeps only
 * the first characters: how many is nowhere said, but more than these.
 *
 * @example
 * generatedBucketNames('Tagmill') // 'tagmill*'
 */
export declare function generatedBucketNames(stackName: string): string;
