import { type ChecksumAlgorithm } from './checksums.ts';
/** Bytes that were written and belong to nobody yet. */
export interface Body {
    id: string;
    size: number;
    /** In hexadecimal digits. */
    md5: string;
    checksums: ReadonlyMap<ChecksumAlgorithm, string>;
    /** In hexadecimal digits, if it was asked for. */
    sha256?: string;
    /** If it is small enough for the database; else it is in a file. */
    data?: Buffer;
}
/** Some bytes of an object, in the database or in a file. */
export interface StoredPiece {
    id: string;
    size: number;
    data: Uint8Array | null;
}
export interface ByteRange {
    start: number;
    /** The last byte's index; below `start` for none. */
    end: number;
}
/** The files that hold objects' bytes. A file that no row of the database names is deleted at the next start. */
export declare class Bodies {
    #private;
    constructor(directory: string);
    /** Deletes the files that aren't known: what was being written when the process was killed. */
    sweep(isKnown: (id: string) => boolean): Promise<void>;
    /**
     * Writes bytes as they come, without holding them in memory.
     *
     * @throws whatever the source or the disk throws; then nothing stays behind.
     */
    write(source: AsyncIterable<Uint8Array>, algorithms: Iterable<ChecksumAlgorithm>, withSha256?: boolean): Promise<Body>;
    /**
     * Hands over the bytes of pieces that follow each other. They are held from the call on until `use` has ended, whoever
     * discards them meanwhile.
     */
    read<T>(pieces: readonly StoredPiece[], range: ByteRange, use: (chunks: AsyncGenerator<Uint8Array>) => Promise<T>): Promise<T>;
    /** Runs what makes a body somebody's; if it throws, the body is discarded. */
    keep<T>(body: Body, work: () => T): T;
    /** Deletes files, each once nobody reads it. */
    discard(ids: Iterable<string>): void;
    /** Waits until what was discarded is gone. */
    close(): Promise<void>;
}
