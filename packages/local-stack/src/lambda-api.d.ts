import type { FunctionPool } from './function-pool.ts';
export interface LambdaApi {
    endpoint: string;
    close(): Promise<void>;
}
export interface LambdaApiOptions {
    /** 0 for any. */
    port: number;
    /** Undefined if there is no such function. */
    poolOf: (functionName: string) => FunctionPool | undefined;
}
/**
 * Serves Lambda's operation Invoke, synchronously: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html. On the
 * loopback interface, for any client.
 */
export declare function serveLambdaApi({ port, poolOf }: LambdaApiOptions): Promise<LambdaApi>;
