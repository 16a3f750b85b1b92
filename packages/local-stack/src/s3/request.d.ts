import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { type XmlElement } from './xml.ts';
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
/** @returns a header's value; several of one name are one, with commas between. */
export declare function header({ headers }: S3Request, name: string): string | undefined;
/**
 * A query's parameter that is a whole number.
 *
 * @returns `most` where there is none, or where a higher one is asked for.
 * @throws {S3Error} `InvalidArgument`
 */
export declare function countParameter({ query }: S3Request, name: string, most: number): number;
/** @throws {S3Error} `MalformedXML` */
export declare function readXml(body: AsyncIterable<Uint8Array>, rootName: string): Promise<XmlElement>;
