import { z } from 'zod';
/** What each operation takes: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations.html */
export declare const INPUTS: {
    readonly CreateTable: z.ZodObject<{
        TableName: z.ZodString;
        KeySchema: z.ZodArray<z.ZodObject<{
            AttributeName: z.ZodString;
            KeyType: z.ZodEnum<{
                HASH: "HASH";
                RANGE: "RANGE";
            }>;
        }, z.core.$strict>>;
        AttributeDefinitions: z.ZodArray<z.ZodObject<{
            AttributeName: z.ZodString;
            AttributeType: z.ZodEnum<{
                B: "B";
                N: "N";
                S: "S";
            }>;
        }, z.core.$strict>>;
        GlobalSecondaryIndexes: z.ZodDefault<z.ZodArray<z.ZodObject<{
            IndexName: z.ZodString;
            KeySchema: z.ZodArray<z.ZodObject<{
                AttributeName: z.ZodString;
                KeyType: z.ZodEnum<{
                    HASH: "HASH";
                    RANGE: "RANGE";
                }>;
            }, z.core.$strict>>;
            Projection: z.ZodObject<{
                ProjectionType: z.ZodEnum<{
                    ALL: "ALL";
                    INCLUDE: "INCLUDE";
                    KEYS_ONLY: "KEYS_ONLY";
                }>;
                NonKeyAttributes: z.ZodOptional<z.ZodArray<z.ZodString>>;
            }, z.core.$strict>;
            ProvisionedThroughput: z.ZodOptional<z.ZodUnknown>;
            OnDemandThroughput: z.ZodOptional<z.ZodUnknown>;
        }, z.core.$strict>>>;
        BillingMode: z.ZodDefault<z.ZodEnum<{
            PAY_PER_REQUEST: "PAY_PER_REQUEST";
            PROVISIONED: "PROVISIONED";
        }>>;
        ProvisionedThroughput: z.ZodOptional<z.ZodUnknown>;
        OnDemandThroughput: z.ZodOptional<z.ZodUnknown>;
        SSESpecification: z.ZodOptional<z.ZodUnknown>;
        TableClass: z.ZodOptional<z.ZodUnknown>;
        Tags: z.ZodOptional<z.ZodUnknown>;
        DeletionProtectionEnabled: z.ZodOptional<z.ZodUnknown>;
    }, z.core.$strict>;
    readonly DeleteTable: z.ZodObject<{
        TableName: z.ZodString;
    }, z.core.$strict>;
    readonly DescribeTable: z.ZodObject<{
        TableName: z.ZodString;
    }, z.core.$strict>;
    readonly ListTables: z.ZodObject<{
        ExclusiveStartTableName: z.ZodDefault<z.ZodString>;
        Limit: z.ZodDefault<z.ZodNumber>;
    }, z.core.$strict>;
    readonly GetItem: z.ZodObject<{
        TableName: z.ZodString;
        ReturnConsumedCapacity: z.ZodDefault<z.ZodEnum<{
            INDEXES: "INDEXES";
            NONE: "NONE";
            TOTAL: "TOTAL";
        }>>;
        ExpressionAttributeNames: z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodString>>;
        ProjectionExpression: z.ZodOptional<z.ZodString>;
        ConsistentRead: z.ZodDefault<z.ZodBoolean>;
        Key: z.ZodUnknown;
    }, z.core.$strict>;
    readonly PutItem: z.ZodObject<{
        TableName: z.ZodString;
        ReturnConsumedCapacity: z.ZodDefault<z.ZodEnum<{
            INDEXES: "INDEXES";
            NONE: "NONE";
            TOTAL: "TOTAL";
        }>>;
        ExpressionAttributeNames: z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodString>>;
        ExpressionAttributeValues: z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodUnknown>>;
        ReturnItemCollectionMetrics: z.ZodOptional<z.ZodEnum<{
            NONE: "NONE";
            SIZE: "SIZE";
        }>>;
        ConditionExpression: z.ZodOptional<z.ZodString>;
        ReturnValuesOnConditionCheckFailure: z.ZodDefault<z.ZodEnum<{
            ALL_OLD: "ALL_OLD";
            NONE: "NONE";
        }>>;
        ReturnValues: z.ZodDefault<z.ZodEnum<{
            ALL_OLD: "ALL_OLD";
            NONE: "NONE";
        }>>;
        Item: z.ZodUnknown;
    }, z.core.$strict>;
    readonly DeleteItem: z.ZodObject<{
        TableName: z.ZodString;
        ReturnConsumedCapacity: z.ZodDefault<z.ZodEnum<{
            INDEXES: "INDEXES";
            NONE: "NONE";
            TOTAL: "TOTAL";
        }>>;
        ExpressionAttributeNames: z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodString>>;
        ExpressionAttributeValues: z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodUnknown>>;
        ReturnItemCollectionMetrics: z.ZodOptional<z.ZodEnum<{
            NONE: "NONE";
            SIZE: "SIZE";
        }>>;
        ConditionExpression: z.ZodOptional<z.ZodString>;
        ReturnValuesOnConditionCheckFailure: z.ZodDefault<z.ZodEnum<{
            ALL_OLD: "ALL_OLD";
            NONE: "NONE";
        }>>;
        ReturnValues: z.ZodDefault<z.ZodEnum<{
            ALL_OLD: "ALL_OLD";
            NONE: "NONE";
        }>>;
        Key: z.ZodUnknown;
    }, z.core.$strict>;
    readonly UpdateItem: z.ZodObject<{
        TableName: z.ZodString;
        ReturnConsumedCapacity: z.ZodDefault<z.ZodEnum<{
            INDEXES: "INDEXES";
            NONE: "NONE";
            TOTAL: "TOTAL";
        }>>;
        ExpressionAttributeNames: z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodString>>;
        ExpressionAttributeValues: z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodUnknown>>;
        ReturnItemCollectionMetrics: z.ZodOptional<z.ZodEnum<{
            NONE: "NONE";
            SIZE: "SIZE";
        }>>;
        ConditionExpression: z.ZodOptional<z.ZodString>;
        ReturnValuesOnConditionCheckFailure: z.ZodDefault<z.ZodEnum<{
            ALL_OLD: "ALL_OLD";
            NONE: "NONE";
        }>>;
        Key: z.ZodUnknown;
        UpdateExpression: z.ZodOptional<z.ZodString>;
        ReturnValues: z.ZodDefault<z.ZodEnum<{
            ALL_NEW: "ALL_NEW";
            ALL_OLD: "ALL_OLD";
            NONE: "NONE";
            UPDATED_NEW: "UPDATED_NEW";
            UPDATED_OLD: "UPDATED_OLD";
        }>>;
    }, z.core.$strict>;
    readonly Query: z.ZodObject<{
        TableName: z.ZodString;
        ReturnConsumedCapacity: z.ZodDefault<z.ZodEnum<{
            INDEXES: "INDEXES";
            NONE: "NONE";
            TOTAL: "TOTAL";
        }>>;
        ExpressionAttributeNames: z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodString>>;
        ExpressionAttributeValues: z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodUnknown>>;
        ProjectionExpression: z.ZodOptional<z.ZodString>;
        ConsistentRead: z.ZodDefault<z.ZodBoolean>;
        IndexName: z.ZodOptional<z.ZodString>;
        FilterExpression: z.ZodOptional<z.ZodString>;
        Limit: z.ZodOptional<z.ZodNumber>;
        ExclusiveStartKey: z.ZodOptional<z.ZodUnknown>;
        Select: z.ZodOptional<z.ZodEnum<{
            ALL_ATTRIBUTES: "ALL_ATTRIBUTES";
            ALL_PROJECTED_ATTRIBUTES: "ALL_PROJECTED_ATTRIBUTES";
            COUNT: "COUNT";
            SPECIFIC_ATTRIBUTES: "SPECIFIC_ATTRIBUTES";
        }>>;
        KeyConditionExpression: z.ZodString;
        ScanIndexForward: z.ZodDefault<z.ZodBoolean>;
    }, z.core.$strict>;
    readonly Scan: z.ZodObject<{
        TableName: z.ZodString;
        ReturnConsumedCapacity: z.ZodDefault<z.ZodEnum<{
            INDEXES: "INDEXES";
            NONE: "NONE";
            TOTAL: "TOTAL";
        }>>;
        ExpressionAttributeNames: z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodString>>;
        ExpressionAttributeValues: z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodUnknown>>;
        ProjectionExpression: z.ZodOptional<z.ZodString>;
        ConsistentRead: z.ZodDefault<z.ZodBoolean>;
        IndexName: z.ZodOptional<z.ZodString>;
        FilterExpression: z.ZodOptional<z.ZodString>;
        Limit: z.ZodOptional<z.ZodNumber>;
        ExclusiveStartKey: z.ZodOptional<z.ZodUnknown>;
        Select: z.ZodOptional<z.ZodEnum<{
            ALL_ATTRIBUTES: "ALL_ATTRIBUTES";
            ALL_PROJECTED_ATTRIBUTES: "ALL_PROJECTED_ATTRIBUTES";
            COUNT: "COUNT";
            SPECIFIC_ATTRIBUTES: "SPECIFIC_ATTRIBUTES";
        }>>;
    }, z.core.$strict>;
    readonly BatchGetItem: z.ZodObject<{
        ReturnConsumedCapacity: z.ZodDefault<z.ZodEnum<{
            INDEXES: "INDEXES";
            NONE: "NONE";
            TOTAL: "TOTAL";
        }>>;
        RequestItems: z.ZodRecord<z.ZodString, z.ZodObject<{
            ExpressionAttributeNames: z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodString>>;
            Keys: z.ZodArray<z.ZodUnknown>;
            ConsistentRead: z.ZodDefault<z.ZodBoolean>;
            ProjectionExpression: z.ZodOptional<z.ZodString>;
        }, z.core.$strict>>;
    }, z.core.$strict>;
    readonly BatchWriteItem: z.ZodObject<{
        ReturnConsumedCapacity: z.ZodDefault<z.ZodEnum<{
            INDEXES: "INDEXES";
            NONE: "NONE";
            TOTAL: "TOTAL";
        }>>;
        ReturnItemCollectionMetrics: z.ZodOptional<z.ZodEnum<{
            NONE: "NONE";
            SIZE: "SIZE";
        }>>;
        RequestItems: z.ZodRecord<z.ZodString, z.ZodArray<z.ZodUnion<readonly [z.ZodObject<{
            PutRequest: z.ZodObject<{
                Item: z.ZodUnknown;
            }, z.core.$strict>;
        }, z.core.$strict>, z.ZodObject<{
            DeleteRequest: z.ZodObject<{
                Key: z.ZodUnknown;
            }, z.core.$strict>;
        }, z.core.$strict>]>>>;
    }, z.core.$strict>;
};
export type Operation = keyof typeof INPUTS;
export type Input<Name extends Operation> = z.output<(typeof INPUTS)[Name]>;
/** @throws {DynamoDbError} that names an operation which isn't known here. */
export declare function checkOperation(name: string): Operation;
/** @throws {DynamoDbError} that names the parameter which is missing, wrong or unknown. */
export declare function parseInput<Name extends Operation>(operation: Name, input: unknown): Input<Name>;
