/** A table of a FlatBuffer, read field by field without generated code. A field that is not there has its default. */
export declare class FlatTable {
    #private;
    private constructor();
    /**
     * The root table of a file.
     *
     * @throws {TagmillError} `invalid-model` if the file does not carry this identifier.
     */
    static root(bytes: Uint8Array, identifier: string): FlatTable;
    int8(field: number, fallback?: number): number;
    int32(field: number, fallback?: number): number;
    table(field: number): FlatTable | undefined;
    tables(field: number): FlatTable[];
    int32s(field: number): number[];
    int64s(field: number): number[];
    float32s(field: number): number[];
    /** A copy of a vector of bytes. */
    bytes(field: number): Uint8Array;
}
