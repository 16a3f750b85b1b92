import type { QueueSettings } from './attributes.ts';
import type { Input } from './inputs.ts';
import type { NewMessage } from './messages.ts';
type Given = Omit<Input<'SendMessage'>, 'QueueUrl'>;
/** A message as it was checked, and what its sender is told of it. */
export interface Outgoing {
    message: NewMessage;
    answer: {
        MD5OfMessageBody: string;
        MD5OfMessageAttributes?: string;
        MD5OfMessageSystemAttributes?: string;
    };
}
/** @throws {SqsError} for what SQS refuses. */
export declare function checkMessage(given: Given, settings: QueueSettings): Outgoing;
/** @returns bytes of the body and the attributes, as SQS counts a message. */
export declare function measureMessage({ MessageBody, MessageAttributes }: Given): number;
export declare function md5(text: string): string;
export {};
