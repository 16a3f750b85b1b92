import { z } from 'zod';
export declare const ARCHITECTURES: readonly ['x86_64', 'arm64'];
/**
 * Everything that can be chosen about a stack. A name that isn't here is refused. The descriptions are the page
 * docs/reference/stack-options.md: `node scripts/write-reference.ts` writes it.
 */
export declare const stackOptionFields: z.ZodObject<{
    stackName: z.ZodDefault<z.ZodString>;
    architecture: z.ZodDefault<z.ZodEnum<{
        arm64: "arm64";
        x86_64: "x86_64";
    }>>;
    family: z.ZodDefault<z.ZodString>;
    variant: z.ZodOptional<z.ZodString>;
    queueTargetAgeSeconds: z.ZodDefault<z.ZodInt>;
    latencyBudgetMs: z.ZodDefault<z.ZodUnion<readonly [z.ZodInt, z.ZodLiteral<"none">]>>;
    budgetRules: z.ZodDefault<z.ZodArray<z.ZodObject<{
        prefix: z.ZodString;
        latencyMs: z.ZodInt;
    }, z.core.$strict>>>;
    topN: z.ZodDefault<z.ZodInt>;
    minConfidence: z.ZodDefault<z.ZodUnion<readonly [z.ZodNumber, z.ZodEnum<{
        default: "default";
        sure: "sure";
    }>]>>;
    maxBytes: z.ZodDefault<z.ZodInt>;
    maxPixels: z.ZodDefault<z.ZodInt>;
    memoryMb: z.ZodDefault<z.ZodInt>;
    timeoutSeconds: z.ZodDefault<z.ZodInt>;
    visibilityTimeoutSeconds: z.ZodOptional<z.ZodInt>;
    maxReceiveCount: z.ZodDefault<z.ZodInt>;
    batchSize: z.ZodDefault<z.ZodInt>;
    batchWindowSeconds: z.ZodDefault<z.ZodInt>;
    maxConcurrency: z.ZodDefault<z.ZodInt>;
    backfillMaxConcurrency: z.ZodDefault<z.ZodInt>;
    reconcileEveryHours: z.ZodDefault<z.ZodInt>;
    reconcileGraceHours: z.ZodDefault<z.ZodInt>;
    prefix: z.ZodDefault<z.ZodString>;
    suffix: z.ZodDefault<z.ZodString>;
    uploadBucketName: z.ZodOptional<z.ZodString>;
    tableName: z.ZodOptional<z.ZodString>;
    existingBucketName: z.ZodOptional<z.ZodString>;
    existingBucketKeyArn: z.ZodOptional<z.ZodString>;
    inventoryBucketName: z.ZodOptional<z.ZodString>;
    alarmTopicArn: z.ZodOptional<z.ZodString>;
    removalPolicy: z.ZodDefault<z.ZodEnum<{
        destroy: "destroy";
        retain: "retain";
    }>>;
    logRetentionDays: z.ZodDefault<z.ZodLiteral<1 | 3 | 5 | 7 | 14 | 30 | 60 | 90 | 120 | 150 | 180 | 365 | 400 | 545 | 731 | 1096 | 1827 | 2192 | 2557 | 2922 | 3288 | 3653>>;
}, z.core.$strict>;
/** The options, and what they have to do with each other. */
declare const stackOptionsSchema: z.ZodPipe<z.ZodObject<{
    stackName: z.ZodDefault<z.ZodString>;
    architecture: z.ZodDefault<z.ZodEnum<{
        arm64: "arm64";
        x86_64: "x86_64";
    }>>;
    family: z.ZodDefault<z.ZodString>;
    variant: z.ZodOptional<z.ZodString>;
    queueTargetAgeSeconds: z.ZodDefault<z.ZodInt>;
    latencyBudgetMs: z.ZodDefault<z.ZodUnion<readonly [z.ZodInt, z.ZodLiteral<"none">]>>;
    budgetRules: z.ZodDefault<z.ZodArray<z.ZodObject<{
        prefix: z.ZodString;
        latencyMs: z.ZodInt;
    }, z.core.$strict>>>;
    topN: z.ZodDefault<z.ZodInt>;
    minConfidence: z.ZodDefault<z.ZodUnion<readonly [z.ZodNumber, z.ZodEnum<{
        default: "default";
        sure: "sure";
    }>]>>;
    maxBytes: z.ZodDefault<z.ZodInt>;
    maxPixels: z.ZodDefault<z.ZodInt>;
    memoryMb: z.ZodDefault<z.ZodInt>;
    timeoutSeconds: z.ZodDefault<z.ZodInt>;
    visibilityTimeoutSeconds: z.ZodOptional<z.ZodInt>;
    maxReceiveCount: z.ZodDefault<z.ZodInt>;
    batchSize: z.ZodDefault<z.ZodInt>;
    batchWindowSeconds: z.ZodDefault<z.ZodInt>;
    maxConcurrency: z.ZodDefault<z.ZodInt>;
    backfillMaxConcurrency: z.ZodDefault<z.ZodInt>;
    reconcileEveryHours: z.ZodDefault<z.ZodInt>;
    reconcileGraceHours: z.ZodDefault<z.ZodInt>;
    prefix: z.ZodDefault<z.ZodString>;
    suffix: z.ZodDefault<z.ZodString>;
    uploadBucketName: z.ZodOptional<z.ZodString>;
    tableName: z.ZodOptional<z.ZodString>;
    existingBucketName: z.ZodOptional<z.ZodString>;
    existingBucketKeyArn: z.ZodOptional<z.ZodString>;
    inventoryBucketName: z.ZodOptional<z.ZodString>;
    alarmTopicArn: z.ZodOptional<z.ZodString>;
    removalPolicy: z.ZodDefault<z.ZodEnum<{
        destroy: "destroy";
        retain: "retain";
    }>>;
    logRetentionDays: z.ZodDefault<z.ZodLiteral<1 | 3 | 5 | 7 | 14 | 30 | 60 | 90 | 120 | 150 | 180 | 365 | 400 | 545 | 731 | 1096 | 1827 | 2192 | 2557 | 2922 | 3288 | 3653>>;
}, z.core.$strict>, z.ZodTransform<{
    stackName: string;
    architecture: "arm64" | "x86_64";
    family: string;
    variant?: string | undefined;
    queueTargetAgeSeconds: number;
    latencyBudgetMs: number | "none";
    budgetRules: {
        prefix: string;
        latencyMs: number;
    }[];
    topN: number;
    minConfidence: number | "default" | "sure";
    maxBytes: number;
    maxPixels: number;
    memoryMb: number;
    timeoutSeconds: number;
    maxReceiveCount: number;
    batchSize: number;
    batchWindowSeconds: number;
    maxConcurrency: number;
    backfillMaxConcurrency: number;
    reconcileEveryHours: number;
    reconcileGraceHours: number;
    prefix: string;
    suffix: string;
    uploadBucketName?: string | undefined;
    tableName?: string | undefined;
    existingBucketName?: string | undefined;
    existingBucketKeyArn?: string | undefined;
    inventoryBucketName?: string | undefined;
    alarmTopicArn?: string | undefined;
    removalPolicy: "destroy" | "retain";
    logRetentionDays: 1 | 3 | 5 | 7 | 14 | 30 | 60 | 90 | 120 | 150 | 180 | 365 | 400 | 545 | 731 | 1096 | 1827 | 2192 | 2557 | 2922 | 3288 | 3653;
    visibilityTimeoutSeconds: number;
}, {
    stackName: string;
    architecture: "arm64" | "x86_64";
    family: string;
    variant?: string | undefined;
    queueTargetAgeSeconds: number;
    latencyBudgetMs: number | "none";
    budgetRules: {
        prefix: string;
        latencyMs: number;
    }[];
    topN: number;
    minConfidence: number | "default" | "sure";
    maxBytes: number;
    maxPixels: number;
    memoryMb: number;
    timeoutSeconds: number;
    visibilityTimeoutSeconds?: number | undefined;
    maxReceiveCount: number;
    batchSize: number;
    batchWindowSeconds: number;
    maxConcurrency: number;
    backfillMaxConcurrency: number;
    reconcileEveryHours: number;
    reconcileGraceHours: number;
    prefix: string;
    suffix: string;
    uploadBucketName?: string | undefined;
    tableName?: string | undefined;
    existingBucketName?: string | undefined;
    existingBucketKeyArn?: string | undefined;
    inventoryBucketName?: string | undefined;
    alarmTopicArn?: string | undefined;
    removalPolicy: "destroy" | "retain";
    logRetentionDays: 1 | 3 | 5 | 7 | 14 | 30 | 60 | 90 | 120 | 150 | 180 | 365 | 400 | 545 | 731 | 1096 | 1827 | 2192 | 2557 | 2922 | 3288 | 3653;
}>>;
/** So long a message waits for the tagging function, at most; not an option. */
export declare const MESSAGE_RETENTION_DAYS = 7;
export type StackOptions = z.output<typeof stackOptionsSchema>;
/** Of a stack, what a construct is given in another form: a bucket, a topic, the stack around it. */
export declare const STACK_ONLY: readonly ['stackName', 'existingBucketName', 'existingBucketKeyArn', 'alarmTopicArn'];
/** What is left for the construct to be told. */
export type PipelineOptions = Omit<StackOptions, (typeof STACK_ONLY)[number]>;
/** The same before defaults are put in. */
export type PipelineOptionsInput = Omit<z.input<typeof stackOptionFields>, (typeof STACK_ONLY)[number]>;
/**
 * Reads the stack's options.
 *
 * @param given an object, or its JSON as `cdk --context tagmill='{…}'` passes it.
 * @throws {TagmillError} `invalid-settings`, naming each option that is unknown or malformed.
 */
export declare function parseStackOptions(given: unknown): StackOptions;
/**
 * Reads a construct's options.
 *
 * @throws {TagmillError} `invalid-settings`, naming each option that is unknown or malformed.
 */
export declare function parsePipelineOptions(given: object): PipelineOptions;
export {};
