import type { ObjectChange } from '../notifications.ts';
import type { Database } from './database.ts';
/**
 * Changes that somebody has to be told of. Each is written in the transaction that makes the change, and is taken away
 * after it was told: a process that is killed between the two tells it at its next start.
 */
export declare class Outbox {
    #private;
    /** @param onChange a change that it throws at is told again at the next start. */
    constructor(database: Database, onChange: (change: ObjectChange) => void);
    /** Part of the transaction that makes the change. */
    record(change: ObjectChange): void;
    /** After the transaction, in the same tick, so that changes are told in their order. */
    tell(change: ObjectChange): void;
    /** Tells what an earlier process recorded and may not have told. */
    tellRest(): void;
    /** At once for all changes of a tick. */
    forgetTold(): void;
}
