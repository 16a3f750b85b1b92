import { S3Error } from './errors.ts';
import { childrenOf, textOf, type XmlContent, type XmlElement } from './xml.ts';

export type Tags = [key: string, value: string][];

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
export const MAX_OBJECT_TAGS = 10;
export const MAX_BUCKET_TAGS = 50;
const MAX_KEY_LENGTH = 128;
const MAX_VALUE_LENGTH = 256;

/**
 * Of a header such as `a=1&b=2`.
 *
 * @throws {S3Error} `InvalidTag`
 */
export function parseTagQuery(query: string): Tags {
  return checkTags([...new URLSearchParams(query)], MAX_OBJECT_TAGS);
}

/** @throws {S3Error} `InvalidTag`, `MalformedXML` */
export function parseTagging(tagging: XmlElement, most: number): Tags {
  const set = childrenOf(tagging, 'TagSet')[0];
  if (!set) throw new S3Error('MalformedXML', 'Tagging has to have a TagSet');
  const tags = childrenOf(set, 'Tag').map((tag): [string, string] => {
    const [key, value] = [textOf(tag, 'Key'), textOf(tag, 'Value')];
    if (key === undefined || value === undefined)
      throw new S3Error('MalformedXML', 'A Tag has to have a Key and a Value');
    return [key, value];
  });
  return checkTags(tags, most);
}

export function taggingContent(tags: Tags): XmlContent {
  return { TagSet: { Tag: tags.map(([Key, Value]) => ({ Key, Value })) } };
}

function checkTags(tags: Tags, most: number): Tags {
  if (tags.length > most) throw new S3Error('InvalidTag', `There may be ${most} tags at most`);
  if (new Set(tags.map(([key]) => key)).size < tags.length) {
    throw new S3Error('InvalidTag', 'Cannot provide multiple Tags with the same key');
  }
  for (const [key, value] of tags) {
    if (key.length === 0 || key.length > MAX_KEY_LENGTH)
      throw new S3Error('InvalidTag', 'The TagKey you have provided is invalid');
    if (value.length > MAX_VALUE_LENGTH) throw new S3Error('InvalidTag', 'The TagValue you have provided is invalid');
  }
  return tags.toSorted(([a], [b]) => (a < b ? -1 : 1));
}
