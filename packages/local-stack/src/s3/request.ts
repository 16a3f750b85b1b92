import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { S3Error } from './errors.ts';
import { parseXml, type XmlElement } from './xml.ts';

/** A request to S3, its address taken apart. */
export interface S3Request {
  id: string;
  method: string;
  bucket: string;
  key: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  message: IncomingMessage;
  response: ServerResponse;
}

/** What is answered; `undefined` in place of it if the operation has answered by itself. */
export interface Answer {
  /** 200 unless it is said. */
  status?: number;
  headers?: Readonly<Record<string, string | undefined>>;
  /** XML. */
  body?: string;
}

/** The largest XML that S3 takes: 1,000 keys to delete. */
const MAX_XML_BYTES = 4 * 2 ** 20;

/** @returns a header's value; several of one name are one, with commas between. */
export function header({ headers }: S3Request, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/**
 * A query's parameter that is a whole number.
 *
 * @returns `most` where there is none, or where a higher one is asked for.
 * @throws {S3Error} `InvalidArgument`
 */
export function countParameter({ query }: S3Request, name: string, most: number): number {
  const text = query.get(name);
  if (text === null || text === '') return most;
  if (!/^\d{1,10}$/.test(text) || Number(text) >= 2 ** 31) {
    throw new S3Error('InvalidArgument', `Provided ${name} not an integer or within integer range`, {
      details: { ArgumentName: name, ArgumentValue: text },
    });
  }
  return Math.min(Number(text), most);
}

/** @throws {S3Error} `MalformedXML` */
export async function readXml(body: AsyncIterable<Uint8Array>, rootName: string): Promise<XmlElement> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_XML_BYTES) throw new S3Error('MalformedXML', 'The XML is too large');
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text.trim() === '') throw new S3Error('MalformedXML', `The body has to be a ${rootName}`);
  return parseXml(text, rootName);
}
