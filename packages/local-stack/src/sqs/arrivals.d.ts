/** Wakes whoever waits for messages of a queue. */
export declare class Arrivals {
    #private;
    /** Something may be there to receive. */
    announce(queueId: number): void;
    announceToAll(): void;
    /** Ends at the next announcement, after `ms` at the latest, or when it is aborted. */
    wait(queueId: number, ms: number, signal: AbortSignal): Promise<void>;
}
