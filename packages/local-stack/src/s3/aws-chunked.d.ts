/**
 * Takes the payload out of a body in AWS's chunks. Signatures aren't checked.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 *
 * @param trailers gets the trailing headers, once the payload was read.
 * @throws {S3Error} `IncompleteBody` if the body ends early, `InvalidRequest` if it isn't made of chunks.
 */
export declare function decodeAwsChunks(source: AsyncIterable<Buffer>, trailers: Map<string, string>): AsyncGenerator<Buffer>;
