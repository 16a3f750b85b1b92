import { z } from 'zod';
export declare const messageAttribute: z.ZodObject<{
    DataType: z.ZodOptional<z.ZodString>;
    StringValue: z.ZodOptional<z.ZodNullable<z.ZodString>>;
    BinaryValue: z.ZodOptional<z.ZodNullable<z.ZodBase64>>;
}, z.core.$strip>;
export declare const messageAttributes: z.ZodRecord<z.ZodString, z.ZodObject<{
    DataType: z.ZodOptional<z.ZodString>;
    StringValue: z.ZodOptional<z.ZodNullable<z.ZodString>>;
    BinaryValue: z.ZodOptional<z.ZodNullable<z.ZodBase64>>;
}, z.core.$strip>>;
export interface MessageAttribute {
    DataType: string;
    StringValue?: string;
    BinaryValue?: string;
}
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;
/**
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 *
 * @throws {SqsError} `InvalidParameterValue`, naming the attribute.
 */
export declare function checkMessageAttributes(given: z.output<typeof messageAttributes>): MessageAttributes;
/** @throws {SqsError} `InvalidMessageContents`, naming the first character that isn't allowed. */
export declare function checkCharacters(text: string, where?: string): void;
/** Bytes that attributes add to a message: their names, types and values. */
export declare function sizeAttributes(attributes: MessageAttributes): number;
/** The attributes that a receiver names: `All`, `prefix.*`, or by name. */
export declare function pickMessageAttributes(attributes: MessageAttributes, names: readonly string[]): MessageAttributes;
/**
 * The digest that clients check: the attributes by name, each part behind its length.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 *
 * @returns in hexadecimal; undefined if there are no attributes.
 */
export declare function digestAttributes(attributes: MessageAttributes): string | undefined;
