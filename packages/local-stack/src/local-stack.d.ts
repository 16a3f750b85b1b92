import { type DynamoDbThrottle } from './dynamodb.ts';
import { type PhysicalResource } from './intrinsics.ts';
import type { S3Fault } from './s3/service.ts';
export interface LocalStackOptions {
    /** A template, as JSON: one that `cdk synth` wrote, or one whose functions have a folder as their `Code`. */
    template?: string;
    /** All that `cdk synth` wrote, instead. */
    assemblyDirectory?: string;
    /** Of an assembly; may be left out where there is one stack. */
    stackName?: string;
    /** Any free one where absent. */
    ports?: LocalStackPorts;
    /** Where objects, messages and items are kept from one start to the next; in memory if there is none. */
    dataDirectory?: string;
    /** Batches in flight for an event source, and requests for a URL: by default one a core, two at least. */
    maxConcurrency?: number;
    /** Told of what goes wrong: a batch that comes again, a function that was killed. */
    log?: (line: string) => void;
    /** Told of what the functions write. */
    functionLog?: (line: string) => void;
    /** What may go wrong in the cloud, made to go wrong here. */
    faults?: Faults;
}
export interface LocalStackPorts {
    /** Of the function URL. */
    url?: number;
    s3?: number;
    sqs?: number;
    dynamodb?: number;
    lambda?: number;
}
export interface Faults {
    /** How one notification of S3 is delivered: after how many milliseconds, each time. `[0]` is once and at once. */
    deliveries?: () => readonly number[];
    s3?: S3Fault;
    /** Which requests DynamoDB puts off. */
    dynamodb?: DynamoDbThrottle;
    /** What memory a function's next process has, in MB, if not what the template gives it: too little, and it is killed. */
    memoryMb?: () => number | undefined;
}
export interface LocalStack {
    endpoints: {
        s3: string;
        sqs: string;
        dynamodb: string;
        lambda: string;
    };
    /** The stack's outputs. */
    outputs: Readonly<Record<string, string>>;
    resources: ReadonlyMap<string, PhysicalResource>;
    /** Resources that mean nothing here. */
    skipped: readonly {
        id: string;
        type: string;
    }[];
    /** Where this differs from what is deployed. */
    notes: readonly string[];
    /** Process ids of a function's environments, by the function's logical id. */
    processes(logicalId: string): number[];
    /** Stops everything, and waits until every process has ended. */
    close(): Promise<void>;
}
/**
 * Starts what a synthesized template describes, on this machine and on loopback only.
 *
 * @throws {LocalStackError} `unsupported-resource` for a type, a property or an intrinsic function that isn't known here;
 * `not-found` or `invalid-argument` if the template can't be read.
 *
 * @example
 * const stack = await startLocalStack({ template: 'cdk.out/Photos.template.json' });
 * const s3 = new S3Client({ endpoint: stack.endpoints.s3, … });
 */
export declare function startLocalStack(options: LocalStackOptions): Promise<LocalStack>;
