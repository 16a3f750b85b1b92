import { S3Error } from './errors.ts';

const MAX_KEY_BYTES = 1024;

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
export function parseAddress(host: string, path: string): Address {
  const inHost = bucketInHost(host.replace(/:\d+$/, ''));
  const decoded = decodePath(path.replace(/^\//, ''));
  if (inHost !== undefined) return makeAddress(inHost, decoded);
  const slash = decoded.indexOf('/');
  return slash === -1 ? makeAddress(decoded, '') : makeAddress(decoded.slice(0, slash), decoded.slice(slash + 1));
}

/** Of `bucket.localhost`, `bucket.s3.localhost` and `bucket.s3.us-east-1.localhost`. */
function bucketInHost(host: string): string | undefined {
  const name = /^(.+)\.localhost$/.exec(host)?.[1];
  const bucket = name?.replace(/(^|\.)s3([.-][a-z]+-[a-z]+-\d)?$/, '');
  return bucket === '' ? undefined : bucket;
}

function makeAddress(bucket: string, key: string): Address {
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) {
    throw new S3Error('KeyTooLongError', `Your key is too long: ${MAX_KEY_BYTES} bytes at most`);
  }
  return { ...(bucket === '' ? {} : { bucket }), ...(key === '' ? {} : { key }) };
}

/** @throws {S3Error} `InvalidURI` for what isn't percent-encoded UTF-8. */
export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    throw new S3Error('InvalidURI', "Couldn't parse the specified URI.", { cause: error });
  }
}
