/** How many bytes a form may bring. */
export interface SizeLimits {
    least: number;
    most: number;
}
/**
 * Whether a form does what its policy allows. Its signature isn't checked.
 *
 * @param fields by their names in lower case.
 * @returns what it says of the file's size.
 * @throws {S3Error} `InvalidPolicyDocument` for a policy that isn't one, `AccessDenied` for what it doesn't allow.
 */
export declare function checkPolicy(fields: ReadonlyMap<string, string>, bucket: string, nowMs: number): SizeLimits;
