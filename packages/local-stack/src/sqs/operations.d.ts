import type { DatabaseSync } from 'node:sqlite';
import type { Input, Operation } from './inputs.ts';
import type { Messages } from './messages.ts';
import type { MoveTasks } from './move-tasks.ts';
import type { Queue, Queues } from './queues.ts';
export interface Service {
    database: DatabaseSync;
    queues: Queues;
    messages: Messages;
    moveTasks: MoveTasks;
    now: () => number;
    urlOf: (queue: Queue) => string;
    /** When each queue was purged last, by its id. */
    purges: Map<number, number>;
}
type Handlers = {
    [Name in Operation]: (service: Service, input: Input<Name>, signal: AbortSignal) => object | Promise<object>;
};
/** What each operation does. */
export declare const HANDLERS: Handlers;
export {};
