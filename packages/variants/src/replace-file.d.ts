/** Writes a file beside its place and renames it into it, so that whoever reads it, at any time, finds it whole. */
export declare function replaceFile(file: string, content: string | Uint8Array): Promise<void>;
