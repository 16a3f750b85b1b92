import { type XmlContent, type XmlElement } from './xml.ts';
export type Tags = [key: string, value: string][];
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
export declare const MAX_OBJECT_TAGS = 10;
export declare const MAX_BUCKET_TAGS = 50;
/**
 * Of a header such as `a=1&b=2`.
 *
 * @throws {S3Error} `InvalidTag`
 */
export declare function parseTagQuery(query: string): Tags;
/** @throws {S3Error} `InvalidTag`, `MalformedXML` */
export declare function parseTagging(tagging: XmlElement, most: number): Tags;
export declare function taggingContent(tags: Tags): XmlContent;
