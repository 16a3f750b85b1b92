/**
 * Keeps a data directory, which is made if it isn't there, to one stack: two would write over each other.
 *
 * @returns what gives it free again; a process that is killed gives it free too, since the lock is SQLite's.
 * @throws {LocalStackError} `conflict` if another stack uses it.
 */
export declare function lockDataDirectory(directory: string): () => void;
