/** What a tag is looked up by: upper and lower case are one tag, and so are the ways to encode an accent. */
export function tagKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
