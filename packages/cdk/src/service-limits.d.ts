/** AWS's limits that an option of the stack can reach. infra/test/service-limits.test.ts tries each, and one beyond. */
export declare const SERVICE_LIMITS: {
    /** CloudFormation takes 128 characters, but the longest name of a state machine is the stack's and `-Comparison`. */
    readonly stackNameCharacters: {
        readonly most: number;
        readonly source: "https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html";
    };
    readonly bucketNameCharacters: {
        readonly least: 3;
        readonly most: 63;
        readonly source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html";
    };
    readonly tableNameCharacters: {
        readonly least: 3;
        readonly most: 255;
        readonly source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html";
    };
    /** Prefix and suffix together: no key is longer. */
    readonly objectKeyBytes: {
        readonly most: 1024;
        readonly source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html";
    };
    /** Of a notification's filter, as it is encoded there. */
    readonly filterRuleCharacters: {
        readonly most: 1024;
        readonly source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_FilterRule.html";
    };
    /** Of an EventBridge rule, unless AWS raised it for the account. */
    readonly eventPatternCharacters: {
        readonly most: 2048;
        readonly source: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html";
    };
    readonly functionMemoryMb: {
        readonly least: 128;
        readonly most: 10240;
        readonly source: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html";
    };
    readonly functionTimeoutSeconds: {
        readonly least: 1;
        readonly most: 900;
        readonly source: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html";
    };
    /** Keys and values of one function, as JSON: so Lambda measures them. */
    readonly functionEnvironmentBytes: {
        readonly most: 4096;
        readonly source: "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html";
    };
    readonly batchSize: {
        readonly least: 1;
        readonly most: 10000;
        readonly source: "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html";
    };
    /** A larger batch needs a window of a second. */
    readonly batchSizeWithoutWindow: {
        readonly most: 10;
        readonly source: "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html";
    };
    readonly batchWindowSeconds: {
        readonly least: 0;
        readonly most: 300;
        readonly source: "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html";
    };
    readonly eventSourceConcurrency: {
        readonly least: 2;
        readonly most: 1000;
        readonly source: "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html";
    };
    readonly visibilityTimeoutSeconds: {
        readonly least: 0;
        readonly most: 43200;
        readonly source: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html";
    };
    readonly maxReceiveCount: {
        readonly least: 1;
        readonly most: 1000;
        readonly source: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html";
    };
    readonly topicNameCharacters: {
        readonly least: 1;
        readonly most: 256;
        readonly source: "https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html";
    };
};
/** How long CloudWatch may keep logs. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
export declare const LOG_RETENTION_DAYS: readonly [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];
/** Of what a template learns only when it is deployed, the longest. A test compares the region with those that the CDK knows. */
export declare const LONGEST: {
    readonly accountId: '123456789012';
    readonly region: 'us-isof-south-1';
    readonly urlSuffix: 'amazonaws.com.cn';
};
