import type { ReceivedMessage } from './messages.ts';
/** @throws {SqsError} `InvalidAttributeName` for a system attribute that no message has. */
export declare function checkSystemNames(names: readonly string[]): void;
/** @returns a message as its receiver sees it, with the system attributes and the message attributes that it asks for. */
export declare function describeMessage(message: ReceivedMessage, systemNames: readonly string[], attributeNames: readonly string[]): object;
