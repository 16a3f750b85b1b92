import type { FunctionPool } from './function-pool.ts';
export interface FunctionUrl {
    url: string;
    close(): Promise<void>;
}
/**
 * Serves a function's URL on the loopback interface, payload format 2.0:
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html.
 */
export declare function serveFunctionUrl(pool: FunctionPool, port: number): Promise<FunctionUrl>;
