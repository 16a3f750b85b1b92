import type { Construct } from 'constructs';
/**
 * Gives a pipeline the name that its alarms, state machines and metrics begin with. It has to be called before the pipeline has children.
 *
 * @param name the construct's path, with a hash, if absent.
 * @throws {TagmillError} `invalid-settings` for a name that alarms or state machines can't have.
 */
export declare function namePipeline(pipeline: Construct, name: string | undefined): void;
export declare function pipelineName(scope: Construct): string;
