import { z } from 'zod';
import { LocalStackError } from './errors.ts';

/** Named, and without effect here: what only the cloud can do. The stack's notes say so. */
const ignored = z.unknown().optional();
const number = z.coerce.number();

const queue = z.strictObject({
  QueueName: z.string().optional(),
  VisibilityTimeout: number.default(30),
  DelaySeconds: number.default(0),
  ReceiveMessageWaitTimeSeconds: number.default(0),
  RedrivePolicy: z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: number }).optional(),
  MessageRetentionPeriod: number.default(345_600),
  SqsManagedSseEnabled: ignored,
  KmsMasterKeyId: ignored,
  Tags: ignored,
});

const notification = z.strictObject({
  Event: z.string(),
  Queue: z.string(),
  Filter: z
    .strictObject({
      S3Key: z.strictObject({
        Rules: z.array(
          z.strictObject({
            Name: z
              .string()
              .toLowerCase()
              .pipe(z.enum(['prefix', 'suffix'])),
            Value: z.string(),
          }),
        ),
      }),
    })
    .optional(),
});

const corsRule = z.strictObject({
  Id: z.string().optional(),
  AllowedOrigins: z.array(z.string()),
  AllowedMethods: z.array(z.string()),
  AllowedHeaders: z.array(z.string()).default([]),
  ExposedHeaders: z.array(z.string()).default([]),
  MaxAge: number.optional(),
});

const bucket = z.strictObject({
  BucketName: z.string().optional(),
  VersioningConfiguration: z.strictObject({ Status: z.enum(['Enabled', 'Suspended']) }).optional(),
  CorsConfiguration: z.strictObject({ CorsRules: z.array(corsRule) }).optional(),
  NotificationConfiguration: z.strictObject({ QueueConfigurations: z.array(notification).default([]) }).optional(),
  BucketEncryption: ignored,
  LifecycleConfiguration: ignored,
  OwnershipControls: ignored,
  PublicAccessBlockConfiguration: ignored,
  Tags: ignored,
});

const table = z.strictObject({
  TableName: z.string().optional(),
  KeySchema: z.array(z.object({ AttributeName: z.string(), KeyType: z.string() })),
  AttributeDefinitions: z.array(z.unknown()),
  GlobalSecondaryIndexes: z.array(z.unknown()).optional(),
  BillingMode: z.literal('PAY_PER_REQUEST'),
  TimeToLiveSpecification: z.strictObject({ AttributeName: z.string(), Enabled: z.boolean() }).optional(),
  DeletionProtectionEnabled: ignored,
  PointInTimeRecoverySpecification: ignored,
  SSESpecification: ignored,
  Tags: ignored,
});

const lambda = z.strictObject({
  FunctionName: z.string().optional(),
  Code: z.object({ S3Key: z.string() }),
  Handler: z.string().regex(/^[\w/-]+\.\w+$/),
  Runtime: z.string().regex(/^nodejs/),
  Timeout: number.default(3),
  MemorySize: number.default(128),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.string()) }).optional(),
  Architectures: ignored,
  Description: ignored,
  LoggingConfig: ignored,
  ReservedConcurrentExecutions: ignored,
  Role: ignored,
  Tags: ignored,
});

const eventSourceMapping = z.strictObject({
  FunctionName: z.string(),
  EventSourceArn: z.string(),
  BatchSize: number.default(10),
  MaximumBatchingWindowInSeconds: number.default(0),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  ScalingConfig: z.strictObject({ MaximumConcurrency: number }).optional(),
  Enabled: z.boolean().default(true),
  Tags: ignored,
});

const url = z.strictObject({
  TargetFunctionArn: z.string(),
  AuthType: z.enum(['AWS_IAM', 'NONE']),
  InvokeMode: z.literal('BUFFERED').optional(),
  Cors: ignored,
});

/** The resource types that run here, with the properties that are known of each. */
export const RESOURCE_SCHEMAS = {
  'AWS::SQS::Queue': queue,
  'AWS::S3::Bucket': bucket,
  'AWS::DynamoDB::Table': table,
  'AWS::Lambda::Function': lambda,
  'AWS::Lambda::EventSourceMapping': eventSourceMapping,
  'AWS::Lambda::Url': url,
} as const;

export type ResourceType = keyof typeof RESOURCE_SCHEMAS;
export type ResourceProperties<Type extends ResourceType> = z.output<(typeof RESOURCE_SCHEMAS)[Type]>;

/** Types that mean nothing on a laptop. */
const SKIPPED_TYPES =
  /^AWS::(IAM::\w+|Logs::\w+|CloudWatch::\w+|CDK::Metadata|SQS::QueuePolicy|S3::BucketPolicy|Lambda::Permission|StepFunctions::StateMachine|Scheduler::Schedule)$/;

/**
 * Whether a type runs here or is skipped.
 *
 * @throws {LocalStackError} `unsupported-resource` if it is neither.
 */
export function isEmulated(type: string, logicalId: string): type is ResourceType {
  if (Object.hasOwn(RESOURCE_SCHEMAS, type)) return true;
  if (SKIPPED_TYPES.test(type)) return false;
  const known = Object.keys(RESOURCE_SCHEMAS).join(', ');
  throw new LocalStackError(
    'unsupported-resource',
    `${logicalId}: the local stack knows no ${type}; there are: ${known}`,
  );
}

/**
 * Checks a resource's properties, intrinsics resolved.
 *
 * @throws {LocalStackError} `unsupported-resource`, naming the property that would mean something and isn't emulated.
 */
export function parseProperties<Type extends ResourceType>(
  type: Type,
  logicalId: string,
  properties: unknown,
): ResourceProperties<Type> {
  const parsed = RESOURCE_SCHEMAS[type].safeParse(properties);
  if (parsed.success) return parsed.data as ResourceProperties<Type>;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || type}: ${message}`).join('; ');
  throw new LocalStackError('unsupported-resource', `${logicalId}: not emulated: ${faults}`, { cause: parsed.error });
}
