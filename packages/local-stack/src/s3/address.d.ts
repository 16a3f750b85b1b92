export interface Address {
    bucket?: string;
    key?: string;
}
/**
 * Whom a request is for: `/bucket/key` or, with the bucket in the host's name, `/key`.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 *
 * @param path percent-encoded, without a query.
 * @throws {S3Error} `InvalidURI`, `KeyTooLongError`
 */
export declare function parseAddress(host: string, path: string): Address;
/** @throws {S3Error} `InvalidURI` for what isn't percent-encoded UTF-8. */
export declare function decodePath(path: string): string;
