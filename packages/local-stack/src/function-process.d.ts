import { LocalStackError } from './errors.ts';
export interface FunctionDefinition {
    name: string;
    arn: string;
    /** Folder of the bundle. */
    directory: string;
    /** Such as `index.handler`. */
    handler: string;
    timeoutMs: number;
    memoryMb: number;
    environment: Readonly<Record<string, string>>;
}
interface Answer {
    ready?: true;
    requestId?: string;
    result?: unknown;
    error?: {
        type: string;
        message: string;
        stack: string;
    };
}
/** What a handler threw. */
export declare class FunctionError extends LocalStackError {
    readonly errorType: string;
    readonly errorMessage: string;
    constructor(functionName: string, { type, message, stack }: NonNullable<Answer['error']>);
}
/** One execution environment of a function: a process of its own, for one invocation at a time. */
export declare class FunctionProcess {
    #private;
    constructor(definition: FunctionDefinition, log: (line: string) => void);
    get pid(): number | undefined;
    get alive(): boolean;
    /**
     * Invokes the function, and kills its process if it takes longer than its timeout.
     *
     * @returns what the handler returned.
     * @throws {LocalStackError} `timeout`; `internal` if the process ended, or, a {@link FunctionError}, if the handler threw.
     */
    invoke(event: unknown): Promise<unknown>;
    /** Ends the process at once. */
    kill(): Promise<void>;
}
export {};
