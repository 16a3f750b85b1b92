import { validateHeaderName, validateHeaderValue } from 'node:http';
import { S3Error } from './errors.ts';

/** @returns a text that came otherwise, as a header with its UTF-8 bytes would have come: Node has a Latin-1 character for each byte. */
export function asHeaderText(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** @throws {S3Error} `InvalidArgument` for what no answer could have as a header: the object could never be read. */
export function checkHeader(name: string, value: string): void {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    const details = { ArgumentName: name };
    throw new S3Error('InvalidArgument', 'Header value cannot be represented using ISO-8859-1.', { details });
  }
}
