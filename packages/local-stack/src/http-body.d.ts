import type { IncomingMessage } from 'node:http';
/** @returns the body as text; undefined if it is longer than that. */
export declare function readBody(request: IncomingMessage, maxBytes: number): Promise<string | undefined>;
