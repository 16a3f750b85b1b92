/**
 * A message in protobuf's wire format as it is being put together. By hand, since what large tensors need is that nobody copies
 * them more than once, and what a cold start needs is little code: protobufjs takes longer to get ready than this to write a network.
 *
 * @example
 * new Message().string(2, 'tagmill').int(1, 8).finish()
 */
export declare class Message {
    #private;
    /** A whole number that isn't negative. */
    int(field: number, value: number): this;
    /** Whole numbers, none negative, packed; left out if there are none. */
    ints(field: number, values: readonly number[]): this;
    string(field: number, value: string): this;
    bytes(field: number, value: Uint8Array): this;
    message(field: number, value: Message): this;
    messages(field: number, values: readonly Message[]): this;
    strings(field: number, values: readonly string[]): this;
    finish(): Uint8Array;
}
