/** Reads a form as the JSON protocol would have the same request. */
export declare function readForm(form: URLSearchParams): {
    action: string;
    input: Record<string, unknown>;
};
/** @returns the answer of an operation, in XML. */
export declare function writeResult(action: string, result: object, requestId: string): string;
/** @returns what the older protocol answers in place of a result. */
export declare function writeError(code: string, message: string, type: 'Sender' | 'Receiver', requestId: string): string;
