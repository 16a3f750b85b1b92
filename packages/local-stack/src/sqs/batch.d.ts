interface Failure {
    Id: string;
    Code: string;
    SenderFault: true;
    Message: string;
}
/**
 * Does the same with each entry of a batch: one that is refused doesn't stop the others.
 *
 * @throws {SqsError} if the batch is empty, too long, or its ids are wrong or the same.
 */
export declare function forEachEntry<Entry extends {
    Id: string;
}, Result extends object>(entryType: string, entries: readonly Entry[], work: (entry: Entry) => Result): {
    Successful: ({
        Id: string;
    } & Result)[];
    Failed: Failure[];
};
export {};
