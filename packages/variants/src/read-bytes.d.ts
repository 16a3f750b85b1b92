/** @throws {TagmillError} `invalid-catalogue` if the file can't be read. */
export declare function readBytes(file: string): Promise<Uint8Array>;
