import { z } from 'zod';
/** The resource types that run here, with the properties that are known of each. */
export declare const RESOURCE_SCHEMAS: {
    readonly 'AWS::SQS::Queue': z.ZodObject<{
        QueueName: z.ZodOptional<z.ZodString>;
        VisibilityTimeout: z.ZodDefault<z.ZodCoercedNumber<unknown>>;
        DelaySeconds: z.ZodDefault<z.ZodCoercedNumber<unknown>>;
        ReceiveMessageWaitTimeSeconds: z.ZodDefault<z.ZodCoercedNumber<unknown>>;
        RedrivePolicy: z.ZodOptional<z.ZodObject<{
            deadLetterTargetArn: z.ZodString;
            maxReceiveCount: z.ZodCoercedNumber<unknown>;
        }, z.core.$strip>>;
        MessageRetentionPeriod: z.ZodDefault<z.ZodCoercedNumber<unknown>>;
        SqsManagedSseEnabled: z.ZodOptional<z.ZodUnknown>;
        KmsMasterKeyId: z.ZodOptional<z.ZodUnknown>;
        Tags: z.ZodOptional<z.ZodUnknown>;
    }, z.core.$strict>;
    readonly 'AWS::S3::Bucket': z.ZodObject<{
        BucketName: z.ZodOptional<z.ZodString>;
        VersioningConfiguration: z.ZodOptional<z.ZodObject<{
            Status: z.ZodEnum<{
                Enabled: "Enabled";
                Suspended: "Suspended";
            }>;
        }, z.core.$strict>>;
        CorsConfiguration: z.ZodOptional<z.ZodObject<{
            CorsRules: z.ZodArray<z.ZodObject<{
                Id: z.ZodOptional<z.ZodString>;
                AllowedOrigins: z.ZodArray<z.ZodString>;
                AllowedMethods: z.ZodArray<z.ZodString>;
                AllowedHeaders: z.ZodDefault<z.ZodArray<z.ZodString>>;
                ExposedHeaders: z.ZodDefault<z.ZodArray<z.ZodString>>;
                MaxAge: z.ZodOptional<z.ZodCoercedNumber<unknown>>;
            }, z.core.$strict>>;
        }, z.core.$strict>>;
        NotificationConfiguration: z.ZodOptional<z.ZodObject<{
            QueueConfigurations: z.ZodDefault<z.ZodArray<z.ZodObject<{
                Event: z.ZodString;
                Queue: z.ZodString;
                Filter: z.ZodOptional<z.ZodObject<{
                    S3Key: z.ZodObject<{
                        Rules: z.ZodArray<z.ZodObject<{
                            Name: z.ZodPipe<z.ZodString, z.ZodEnum<{
                                prefix: "prefix";
                                suffix: "suffix";
                            }>>;
                            Value: z.ZodString;
                        }, z.core.$strict>>;
                    }, z.core.$strict>;
                }, z.core.$strict>>;
            }, z.core.$strict>>>;
        }, z.core.$strict>>;
        BucketEncryption: z.ZodOptional<z.ZodUnknown>;
        LifecycleConfiguration: z.ZodOptional<z.ZodUnknown>;
        OwnershipControls: z.ZodOptional<z.ZodUnknown>;
        PublicAccessBlockConfiguration: z.ZodOptional<z.ZodUnknown>;
        Tags: z.ZodOptional<z.ZodUnknown>;
    }, z.core.$strict>;
    readonly 'AWS::DynamoDB::Table': z.ZodObject<{
        TableName: z.ZodOptional<z.ZodString>;
        KeySchema: z.ZodArray<z.ZodObject<{
            AttributeName: z.ZodString;
            KeyType: z.ZodString;
        }, z.core.$strip>>;
        AttributeDefinitions: z.ZodArray<z.ZodUnknown>;
        GlobalSecondaryIndexes: z.ZodOptional<z.ZodArray<z.ZodUnknown>>;
        BillingMode: z.ZodLiteral<"PAY_PER_REQUEST">;
        TimeToLiveSpecification: z.ZodOptional<z.ZodObject<{
            AttributeName: z.ZodString;
            Enabled: z.ZodBoolean;
        }, z.core.$strict>>;
        DeletionProtectionEnabled: z.ZodOptional<z.ZodUnknown>;
        PointInTimeRecoverySpecification: z.ZodOptional<z.ZodUnknown>;
        SSESpecification: z.ZodOptional<z.ZodUnknown>;
        Tags: z.ZodOptional<z.ZodUnknown>;
    }, z.core.$strict>;
    readonly 'AWS::Lambda::Function': z.ZodObject<{
        FunctionName: z.ZodOptional<z.ZodString>;
        Code: z.ZodObject<{
            S3Key: z.ZodString;
        }, z.core.$strip>;
        Handler: z.ZodString;
        Runtime: z.ZodString;
        Timeout: z.ZodDefault<z.ZodCoercedNumber<unknown>>;
        MemorySize: z.ZodDefault<z.ZodCoercedNumber<unknown>>;
        Environment: z.ZodOptional<z.ZodObject<{
            Variables: z.ZodRecord<z.ZodString, z.ZodString>;
        }, z.core.$strict>>;
        Architectures: z.ZodOptional<z.ZodUnknown>;
        Description: z.ZodOptional<z.ZodUnknown>;
        LoggingConfig: z.ZodOptional<z.ZodUnknown>;
        ReservedConcurrentExecutions: z.ZodOptional<z.ZodUnknown>;
        Role: z.ZodOptional<z.ZodUnknown>;
        Tags: z.ZodOptional<z.ZodUnknown>;
    }, z.core.$strict>;
    readonly 'AWS::Lambda::EventSourceMapping': z.ZodObject<{
        FunctionName: z.ZodString;
        EventSourceArn: z.ZodString;
        BatchSize: z.ZodDefault<z.ZodCoercedNumber<unknown>>;
        MaximumBatchingWindowInSeconds: z.ZodDefault<z.ZodCoercedNumber<unknown>>;
        FunctionResponseTypes: z.ZodDefault<z.ZodArray<z.ZodLiteral<"ReportBatchItemFailures">>>;
        ScalingConfig: z.ZodOptional<z.ZodObject<{
            MaximumConcurrency: z.ZodCoercedNumber<unknown>;
        }, z.core.$strict>>;
        Enabled: z.ZodDefault<z.ZodBoolean>;
        Tags: z.ZodOptional<z.ZodUnknown>;
    }, z.core.$strict>;
    readonly 'AWS::Lambda::Url': z.ZodObject<{
        TargetFunctionArn: z.ZodString;
        AuthType: z.ZodEnum<{
            AWS_IAM: "AWS_IAM";
            NONE: "NONE";
        }>;
        InvokeMode: z.ZodOptional<z.ZodLiteral<"BUFFERED">>;
        Cors: z.ZodOptional<z.ZodUnknown>;
    }, z.core.$strict>;
};
export type ResourceType = keyof typeof RESOURCE_SCHEMAS;
export type ResourceProperties<Type extends ResourceType> = z.output<(typeof RESOURCE_SCHEMAS)[Type]>;
/**
 * Whether a type runs here or is skipped.
 *
 * @throws {LocalStackError} `unsupported-resource` if it is neither.
 */
export declare function isEmulated(type: string, logicalId: string): type is ResourceType;
/**
 * Checks a resource's properties, intrinsics resolved.
 *
 * @throws {LocalStackError} `unsupported-resource`, naming the property that would mean something and isn't emulated.
 */
export declare function parseProperties<Type extends ResourceType>(type: Type, logicalId: string, properties: unknown): ResourceProperties<Type>;
