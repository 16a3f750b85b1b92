import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeExecutionCommand,
  RedriveExecutionCommand,
  SFNClient,
  SFNServiceException,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { TagmillError } from '@tagmill/core';
import { LOCAL } from './local-credentials.ts';

export interface LocalFunction {
  /** Of Lambda's API. */
  endpoint: string;
  functionName: string;
}

/**
 * Calls a function of a local stack, as a state machine would.
 *
 * @returns what it answered.
 * @throws {TagmillError} `throttled` if it asks to be called again later; `internal` if it failed; `unavailable`.
 */
export async function invokeLocally({ endpoint, functionName }: LocalFunction, event: object): Promise<unknown> {
  // A step may take a quarter of an hour; one that was cut off would be begun anew beside itself.
  const client = new LambdaClient({ ...LOCAL, endpoint, maxAttempts: 1, requestHandler: { requestTimeout: 0 } });
  const command = new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(event)) });
  const { Payload, FunctionError } = await client.send(command).catch((cause) => {
    throw new TagmillError('unavailable', `${functionName} cannot be called: ${cause.message}`, { cause });
  });
  const answer = JSON.parse(Payload?.transformToString() || 'null');
  if (FunctionError === undefined) return answer;
  const { errorType, errorMessage } = answer;
  const isFull = errorType === 'QueueFullError';
  throw new TagmillError(isFull ? 'throttled' : 'internal', `${functionName}: ${errorMessage}`, { retryable: isFull });
}

export interface Execution {
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'PENDING_REDRIVE';
  /** Of one that succeeded. */
  output?: unknown;
  /** Of one that didn't. */
  error?: string;
}

/**
 * Starts a deployed state machine.
 *
 * @returns the execution's ARN.
 * @throws {TagmillError} `unavailable`.
 */
export async function startExecution(stateMachineArn: string, input: object): Promise<string> {
  const command = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) });
  return (await sfnCall((client) => client.send(command))).executionArn!;
}

/** How far an execution is. */
export async function describeExecution(executionArn: string): Promise<Execution> {
  const { status, output, error, cause } = await sfnCall((client) =>
    client.send(new DescribeExecutionCommand({ executionArn })),
  );
  return {
    status: status!,
    ...(output !== undefined && { output: JSON.parse(output) }),
    ...(error !== undefined && { error: `${error}: ${cause}` }),
  };
}

/**
 * Goes on with an execution that failed or was stopped, from where it was.
 *
 * @throws {TagmillError} `invalid-argument` if there is nothing to go on with.
 */
export async function resumeExecution(executionArn: string): Promise<void> {
  await sfnCall((client) => client.send(new RedriveExecutionCommand({ executionArn })));
}

const USAGE_FAULTS = new Set(['ExecutionNotRedrivable', 'ExecutionDoesNotExist', 'InvalidArn']);

async function sfnCall<T>(call: (client: SFNClient) => Promise<T>): Promise<T> {
  try {
    return await call(new SFNClient({}));
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    const isUsage = cause instanceof SFNServiceException && USAGE_FAULTS.has(cause.name);
    throw new TagmillError(isUsage ? 'invalid-argument' : 'unavailable', `Step Functions: ${detail}`, { cause });
  }
}
