/** Which receive of which message in which queue. */
export interface Receipt {
    queueId: number;
    sequence: number;
    nonce: string;
}
/** A nonce of 128 bits, so that nobody guesses a handle. */
export declare function newNonce(): string;
export declare function writeHandle({ queueId, sequence, nonce }: Receipt): string;
/** @throws {SqsError} `ReceiptHandleIsInvalid` if it is none, or one of another queue. */
export declare function readHandle(handle: string, queueId: number): Receipt;
