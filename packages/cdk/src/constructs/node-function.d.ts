import { type Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
export interface NodeFunctionProps {
    /** Folder of the bundle, which `npm run build:functions` made. */
    assetDirectory: string;
    /** That the stack's options decide: their content by their name, put beside the bundle's own. */
    files?: Readonly<Record<string, string>>;
    architecture: 'x86_64' | 'arm64';
    memoryMb: number;
    timeout: Duration;
    environment: Record<string, string>;
    logRetention: RetentionDays;
    logRemovalPolicy: RemovalPolicy;
    description: string;
}
/** A function with its own log group and a role that may write to it and nothing else until it is told so. */
export declare class NodeFunction extends Construct {
    readonly function: LambdaFunction;
    readonly role: Role;
    constructor(scope: Construct, id: string, props: NodeFunctionProps);
}
