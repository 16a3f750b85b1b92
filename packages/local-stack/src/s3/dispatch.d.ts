import type { IncomingMessage, ServerResponse } from 'node:http';
import type { S3Service } from './service.ts';
export interface Exchange {
    /** Of the request, for its answer. */
    id: string;
    message: IncomingMessage;
    response: ServerResponse;
}
/** Answers one request, whatever becomes of it. */
export declare function answerRequest(exchange: Exchange, service: S3Service): Promise<void>;
