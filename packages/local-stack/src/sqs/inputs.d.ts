import { z } from 'zod';
/** What each operation takes: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html */
export declare const INPUTS: {
    readonly CancelMessageMoveTask: z.ZodObject<{
        TaskHandle: z.ZodString;
    }, z.core.$strict>;
    readonly ChangeMessageVisibility: z.ZodObject<{
        QueueUrl: z.ZodString;
        ReceiptHandle: z.ZodString;
        VisibilityTimeout: z.ZodNumber;
    }, z.core.$strict>;
    readonly ChangeMessageVisibilityBatch: z.ZodObject<{
        QueueUrl: z.ZodString;
        Entries: z.ZodArray<z.ZodObject<{
            Id: z.ZodString;
            ReceiptHandle: z.ZodString;
            VisibilityTimeout: z.ZodNumber;
        }, z.core.$strict>>;
    }, z.core.$strict>;
    readonly CreateQueue: z.ZodObject<{
        QueueName: z.ZodString;
        Attributes: z.ZodDefault<z.ZodRecord<z.ZodString, z.ZodString>>;
        tags: z.ZodDefault<z.ZodRecord<z.ZodString, z.ZodString>>;
    }, z.core.$strict>;
    readonly DeleteMessage: z.ZodObject<{
        QueueUrl: z.ZodString;
        ReceiptHandle: z.ZodString;
    }, z.core.$strict>;
    readonly DeleteMessageBatch: z.ZodObject<{
        QueueUrl: z.ZodString;
        Entries: z.ZodArray<z.ZodObject<{
            Id: z.ZodString;
            ReceiptHandle: z.ZodString;
        }, z.core.$strict>>;
    }, z.core.$strict>;
    readonly DeleteQueue: z.ZodObject<{
        QueueUrl: z.ZodString;
    }, z.core.$strict>;
    readonly GetQueueAttributes: z.ZodObject<{
        QueueUrl: z.ZodString;
        AttributeNames: z.ZodDefault<z.ZodArray<z.ZodString>>;
    }, z.core.$strict>;
    readonly GetQueueUrl: z.ZodObject<{
        QueueName: z.ZodString;
        QueueOwnerAWSAccountId: z.ZodOptional<z.ZodString>;
    }, z.core.$strict>;
    readonly ListDeadLetterSourceQueues: z.ZodObject<{
        QueueUrl: z.ZodString;
        MaxResults: z.ZodOptional<z.ZodNumber>;
        NextToken: z.ZodOptional<z.ZodString>;
    }, z.core.$strict>;
    readonly ListMessageMoveTasks: z.ZodObject<{
        SourceArn: z.ZodString;
        MaxResults: z.ZodDefault<z.ZodNumber>;
    }, z.core.$strict>;
    readonly ListQueueTags: z.ZodObject<{
        QueueUrl: z.ZodString;
    }, z.core.$strict>;
    readonly ListQueues: z.ZodObject<{
        QueueNamePrefix: z.ZodDefault<z.ZodString>;
        MaxResults: z.ZodOptional<z.ZodNumber>;
        NextToken: z.ZodOptional<z.ZodString>;
    }, z.core.$strict>;
    readonly PurgeQueue: z.ZodObject<{
        QueueUrl: z.ZodString;
    }, z.core.$strict>;
    readonly ReceiveMessage: z.ZodObject<{
        QueueUrl: z.ZodString;
        AttributeNames: z.ZodDefault<z.ZodArray<z.ZodString>>;
        MessageSystemAttributeNames: z.ZodDefault<z.ZodArray<z.ZodString>>;
        MessageAttributeNames: z.ZodDefault<z.ZodArray<z.ZodString>>;
        MaxNumberOfMessages: z.ZodDefault<z.ZodNumber>;
        VisibilityTimeout: z.ZodOptional<z.ZodNumber>;
        WaitTimeSeconds: z.ZodOptional<z.ZodNumber>;
    }, z.core.$strict>;
    readonly SendMessage: z.ZodObject<{
        QueueUrl: z.ZodString;
        MessageBody: z.ZodString;
        DelaySeconds: z.ZodOptional<z.ZodNumber>;
        MessageAttributes: z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodObject<{
            DataType: z.ZodOptional<z.ZodString>;
            StringValue: z.ZodOptional<z.ZodNullable<z.ZodString>>;
            BinaryValue: z.ZodOptional<z.ZodNullable<z.ZodBase64>>;
        }, z.core.$strip>>>;
        MessageSystemAttributes: z.ZodOptional<z.ZodObject<{
            AWSTraceHeader: z.ZodOptional<z.ZodObject<{
                DataType: z.ZodOptional<z.ZodString>;
                StringValue: z.ZodOptional<z.ZodNullable<z.ZodString>>;
                BinaryValue: z.ZodOptional<z.ZodNullable<z.ZodBase64>>;
            }, z.core.$strip>>;
        }, z.core.$strict>>;
        MessageGroupId: z.ZodOptional<z.ZodString>;
    }, z.core.$strict>;
    readonly SendMessageBatch: z.ZodObject<{
        QueueUrl: z.ZodString;
        Entries: z.ZodArray<z.ZodObject<{
            MessageBody: z.ZodString;
            DelaySeconds: z.ZodOptional<z.ZodNumber>;
            MessageAttributes: z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodObject<{
                DataType: z.ZodOptional<z.ZodString>;
                StringValue: z.ZodOptional<z.ZodNullable<z.ZodString>>;
                BinaryValue: z.ZodOptional<z.ZodNullable<z.ZodBase64>>;
            }, z.core.$strip>>>;
            MessageSystemAttributes: z.ZodOptional<z.ZodObject<{
                AWSTraceHeader: z.ZodOptional<z.ZodObject<{
                    DataType: z.ZodOptional<z.ZodString>;
                    StringValue: z.ZodOptional<z.ZodNullable<z.ZodString>>;
                    BinaryValue: z.ZodOptional<z.ZodNullable<z.ZodBase64>>;
                }, z.core.$strip>>;
            }, z.core.$strict>>;
            MessageGroupId: z.ZodOptional<z.ZodString>;
            Id: z.ZodString;
        }, z.core.$strict>>;
    }, z.core.$strict>;
    readonly SetQueueAttributes: z.ZodObject<{
        QueueUrl: z.ZodString;
        Attributes: z.ZodRecord<z.ZodString, z.ZodString>;
    }, z.core.$strict>;
    readonly StartMessageMoveTask: z.ZodObject<{
        SourceArn: z.ZodString;
        DestinationArn: z.ZodOptional<z.ZodString>;
        MaxNumberOfMessagesPerSecond: z.ZodOptional<z.ZodNumber>;
    }, z.core.$strict>;
    readonly TagQueue: z.ZodObject<{
        QueueUrl: z.ZodString;
        Tags: z.ZodRecord<z.ZodString, z.ZodString>;
    }, z.core.$strict>;
    readonly UntagQueue: z.ZodObject<{
        QueueUrl: z.ZodString;
        TagKeys: z.ZodArray<z.ZodString>;
    }, z.core.$strict>;
};
export type Operation = keyof typeof INPUTS;
export type Input<Name extends Operation> = z.output<(typeof INPUTS)[Name]>;
/** @throws {SqsError} that names an operation which isn't known here. */
export declare function checkOperation(name: string): Operation;
/** @throws {SqsError} that names the parameter which is missing, wrong or unknown. */
export declare function parseInput<Name extends Operation>(operation: Name, input: unknown): Input<Name>;
