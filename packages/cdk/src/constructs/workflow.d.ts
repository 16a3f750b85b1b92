import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
export interface WorkflowProps {
    /** That its task runs. */
    task: LambdaFunction;
    /** In Amazon States Language: https://states-language.net/spec.html */
    definition: object;
}
/** A state machine around one function. Named ahead, so that its role can name it: a distributed map starts itself. */
export declare class Workflow extends Construct {
    readonly arn: string;
    readonly name: string;
    readonly role: Role;
    constructor(scope: Construct, id: string, { task, definition }: WorkflowProps);
    /** Of executions, and of the map runs inside them. */
    get executionArns(): string[];
    get ownArn(): string;
}
/** A service, when it acts for this account. */
export declare function servicePrincipal(service: string): ServicePrincipal;
/** A call of a function whose answer is the state's output. What may pass by itself is tried again. */
export declare function lambdaTask(task: LambdaFunction): {
    Type: string;
    Resource: string;
    Parameters: {
        FunctionName: string;
        'Payload.$': string;
    };
    OutputPath: string;
};
export declare const TRANSIENT_RETRY: {
    ErrorEquals: string[];
    IntervalSeconds: number;
    MaxAttempts: number;
    BackoffRate: number;
    JitterStrategy: string;
};
