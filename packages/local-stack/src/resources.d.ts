import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDb, TimeToLive } from './dynamodb.ts';
import { FunctionPool, type FunctionPoolOptions } from './function-pool.ts';
import type { FunctionDefinition } from './function-process.ts';
import type { PhysicalResource } from './intrinsics.ts';
import type { ResourceProperties, ResourceType } from './resource-schemas.ts';
import type { S3 } from './s3/server.ts';
import type { Sqs } from './sqs/server.ts';
/** What resources are made of, and what is running by now. */
export interface Machinery {
    emulators: AsyncDisposableStack;
    stackName: string;
    s3: S3;
    dynamodb: DynamoDb;
    sqs: Sqs;
    sqsClient: SQSClient;
    assets: ReadonlyMap<string, string>;
    /** What every function's environment has besides the template's. */
    environment: Readonly<Record<string, string>>;
    maxConcurrency: number;
    urlPort: number;
    memoryFault: FunctionPoolOptions['memoryFault'];
    /** Of Lambda's operation Invoke. */
    lambdaEndpoint: string;
    functions: Map<string, FunctionDefinition>;
    /** For those who call a function themselves, by its name; a pool for each, once it is called. */
    invoked: Map<string, FunctionPool>;
    pools: Map<string, FunctionPool[]>;
    /** Run once everything is there. */
    starts: (() => void)[];
    /** Run when the stack ends, before the emulators do. */
    closes: (() => Promise<void>)[];
    timeToLive: TimeToLive[];
    notes: string[];
    log: (line: string) => void;
    functionLog: (line: string) => void;
}
type Made = Omit<PhysicalResource, 'type'>;
type Makers = {
    [Type in ResourceType]: (id: string, properties: ResourceProperties<Type>, machinery: Machinery) => Made | Promise<Made>;
};
/** How each type comes to be. */
export declare const MAKERS: Makers;
/** For whoever calls a function by its name. */
export declare function invokedPool(name: string, machinery: Machinery): FunctionPool | undefined;
export {};
