import { Aws, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { pipelineName } from '../pipeline-name.ts';

export interface WorkflowProps {
  /** That its task runs. */
  task: LambdaFunction;
  /** In Amazon States Language: https://states-language.net/spec.html */
  definition: object;
}

/** A state machine around one function. Named ahead, so that its role can name it: a distributed map starts itself. */
export class Workflow extends Construct {
  readonly arn: string;
  readonly name: string;
  readonly role: Role;

  constructor(scope: Construct, id: string, { task, definition }: WorkflowProps) {
    super(scope, id);
    this.name = `${pipelineName(this)}-${id}`;
    this.role = new Role(this, 'Role', { assumedBy: servicePrincipal('states.amazonaws.com') });
    this.role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [task.functionArn] }));
    const machine = new CfnStateMachine(this, 'Machine', {
      stateMachineName: this.name,
      stateMachineType: 'STANDARD',
      roleArn: this.role.roleArn,
      definition,
    });
    machine.node.addDependency(this.role);
    this.arn = machine.attrArn;
    Validations.of(machine).acknowledge({
      id: 'AwsSolutions-SF1',
      reason: 'Delivering logs needs rights on every log group; executions keep their history for 90 days anyway.',
    });
    Validations.of(machine).acknowledge({
      id: 'AwsSolutions-SF2',
      reason: 'One function, called in a row: there is nothing to trace.',
    });
  }

  /** Of executions, and of the map runs inside them. */
  get executionArns(): string[] {
    const prefix = `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:execution:${this.name}`;
    return [`${prefix}:*`, `${prefix}/*:*`];
  }

  get ownArn(): string {
    return `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:stateMachine:${this.name}`;
  }
}

/** A service, when it acts for this account. */
export function servicePrincipal(service: string): ServicePrincipal {
  return new ServicePrincipal(service, { conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } });
}

/** A call of a function whose answer is the state's output. What may pass by itself is tried again. */
export function lambdaTask(task: LambdaFunction) {
  return {
    Type: 'Task',
    Resource: `arn:${Aws.PARTITION}:states:::lambda:invoke`,
    Parameters: { FunctionName: task.functionArn, 'Payload.$': '$' },
    OutputPath: '$.Payload',
  };
}

export const TRANSIENT_RETRY = {
  ErrorEquals: ['States.ALL'],
  IntervalSeconds: 10,
  MaxAttempts: 6,
  BackoffRate: 2,
  JitterStrategy: 'FULL',
};
