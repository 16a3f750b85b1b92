import { S3Error } from './errors.ts';

/** Headers have bytes, and Node writes and reads each as the Latin-1 character of that number. */
const NO_HEADER_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
const NO_HEADER_NAME = /[^!#$%&'*+.^_`|~0-9a-z-]/;

/** @returns a text that came otherwise, as a header with its UTF-8 bytes would have come. */
export function asHeaderText(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** @throws {S3Error} `InvalidArgument` for what no answer could have as a header: the object could never be read. */
export function checkHeader(name: string, value: string): void {
  if (NO_HEADER_NAME.test(name)) throw new S3Error('InvalidArgument', `${name} cannot be the name of a header`);
  if (NO_HEADER_VALUE.test(value)) {
    throw new S3Error('InvalidArgument', 'Header value cannot be represented using ISO-8859-1.', {
      details: { ArgumentName: name },
    });
  }
}
