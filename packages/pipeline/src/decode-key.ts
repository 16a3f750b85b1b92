/**
 * Decodes a key that S3 has encoded as HTML forms do: in its events, and in the CSV files of an inventory.
 *
 * @returns undefined if it isn't encoded so.
 *
 * @example
 * decodeKey('a+b%2B.jpg') // 'a b+.jpg'
 */
export function decodeKey(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
