import fs from 'node:fs';
import path from 'node:path';
import { DockerImage, type Duration, FileSystem, type RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type AssetCode, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledgeWildcard } from './acknowledge.ts';

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
export class NodeFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetention,
      removalPolicy: props.logRemovalPolicy,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    this.function = new LambdaFunction(this, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: codeOf(props.assetDirectory, props.files),
      architecture: props.architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
      memorySize: props.memoryMb,
      timeout: props.timeout,
      environment: props.environment,
      description: props.description,
      role: this.role,
      logGroup,
    });
    acknowledgeWildcard(
      this,
      logGroup.logGroupArn,
      "The group's own ARN ends in :* for its streams, whose names Lambda chooses.",
    );
  }
}

function codeOf(directory: string, files: Readonly<Record<string, string>> = {}): AssetCode {
  if (Object.keys(files).length === 0) return Code.fromAsset(directory);
  const tryBundle = (output: string) => {
    fs.cpSync(directory, output, { recursive: true });
    for (const [name, content] of Object.entries(files)) fs.writeFileSync(path.join(output, name), content);
    return true;
  };
  // The image is never run: what is laid out here is complete.
  const bundling = { image: DockerImage.fromRegistry('none'), local: { tryBundle } };
  return Code.fromAsset(directory, {
    bundling,
    assetHash: FileSystem.fingerprint(directory, { extraHash: JSON.stringify(files) }),
  });
}
