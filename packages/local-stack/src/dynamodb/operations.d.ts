import { DynamoDbError } from './errors.ts';
import type { Input, Operation } from './inputs.ts';
import { type Tables } from './tables.ts';
type Handlers = {
    [Name in Operation]: (tables: Tables, input: Input<Name>) => object;
};
/** What each operation does. */
export declare const HANDLERS: Handlers;
/** What a request is answered if DynamoDB puts it off. */
export declare const THROTTLED: DynamoDbError;
export {};
