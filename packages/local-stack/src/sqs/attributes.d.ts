import { z } from 'zod';
/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
declare const NUMBERS: {
    readonly DelaySeconds: {
        readonly least: 0;
        readonly most: 900;
        readonly fallback: 0;
    };
    readonly MaximumMessageSize: {
        readonly least: 1024;
        readonly most: 1048576;
        readonly fallback: 1048576;
    };
    readonly MessageRetentionPeriod: {
        readonly least: 60;
        readonly most: 1209600;
        readonly fallback: 345600;
    };
    readonly ReceiveMessageWaitTimeSeconds: {
        readonly least: 0;
        readonly most: 20;
        readonly fallback: 0;
    };
    readonly VisibilityTimeout: {
        readonly least: 0;
        readonly most: 43200;
        readonly fallback: 30;
    };
};
type NumberName = keyof typeof NUMBERS;
/** What can be read and not set. */
export declare const COUNT_NAMES: readonly ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesDelayed'];
/** A queue's attributes as they are set: only those that were. */
export type Attributes = Readonly<Record<string, string>>;
export interface RedrivePolicy {
    deadLetterTargetArn: string;
    maxReceiveCount: number;
}
/** What the attributes mean; those that aren't set have SQS's default. */
export type QueueSettings = Record<NumberName, number> & {
    redrivePolicy: RedrivePolicy | undefined;
    redriveAllowPolicy: z.output<typeof redriveAllowPolicy> | undefined;
};
declare const redriveAllowPolicy: z.ZodObject<{
    redrivePermission: z.ZodEnum<{
        allowAll: "allowAll";
        byQueue: "byQueue";
        denyAll: "denyAll";
    }>;
    sourceQueueArns: z.ZodDefault<z.ZodArray<z.ZodString>>;
}, z.core.$strip>;
/** @throws {SqsError} for an attribute that isn't known, can't be set, or has a value out of its range. */
export declare function parseSettings(attributes: Attributes): QueueSettings;
/** An empty policy takes the one away that there is. */
export declare function mergeAttributes(old: Attributes, changes: Attributes): Attributes;
/**
 * Picks the attributes that a caller names.
 *
 * @param all what the queue has, all of it.
 * @throws {SqsError} `InvalidAttributeName` for a name that no queue has.
 */
export declare function pickAttributes(all: Attributes, names: readonly string[]): Attributes;
/** What a queue tells of its settings: those that were set, and the defaults of the others. */
export declare function describeSettings(attributes: Attributes, settings: QueueSettings): Attributes;
export {};
