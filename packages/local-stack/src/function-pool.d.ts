import { type FunctionDefinition } from './function-process.ts';
export interface FunctionPoolOptions {
    definition: FunctionDefinition;
    /** At most so many processes; each is started when it is first needed. */
    concurrency: number;
    log: (line: string) => void;
    /** MB that the next process has in place of its own, if any. */
    memoryFault?: (() => number | undefined) | undefined;
}
/** The execution environments of a function: kept warm, replaced when they die. */
export declare class FunctionPool {
    #private;
    constructor(options: FunctionPoolOptions);
    /** Process ids of the environments that are there now. */
    get pids(): number[];
    /** Invokes the function as soon as an environment is free: see {@link FunctionProcess.invoke}. */
    invoke(event: unknown): Promise<unknown>;
    close(): Promise<void>;
}
