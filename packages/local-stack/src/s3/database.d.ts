import type { SQLInputValue } from 'node:sqlite';
/** The metadata of all objects, and the bytes of small ones. */
export declare class Database {
    #private;
    /** @param now in milliseconds since the epoch. */
    constructor(directory: string, now: () => number);
    get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined;
    all<Row>(sql: string, ...values: SQLInputValue[]): Row[];
    /** @returns how many rows were changed. */
    run(sql: string, ...values: SQLInputValue[]): number;
    /** Runs `work` in one transaction: all of it happens or, if it throws, none. */
    transact<T>(work: () => T): T;
    /**
     * A number that is higher than any that was given before, also by an earlier process and also if the clock was ahead then.
     * Part of the transaction that uses it.
     */
    nextSequence(): number;
    close(): void;
}
