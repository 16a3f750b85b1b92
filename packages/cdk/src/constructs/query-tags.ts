import { Duration } from 'aws-cdk-lib';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { type FunctionUrl, FunctionUrlAuthType, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { PipelineOptions } from '../options.ts';
import type { ImageQueues } from './image-queues.ts';
import { NodeFunction, type NodeFunctionProps } from './node-function.ts';
import type { TagTable } from './tag-table.ts';

export interface QueryTagsProps
  extends Pick<NodeFunctionProps, 'assetDirectory' | 'logRetention' | 'logRemovalPolicy'> {
  options: PipelineOptions;
  queues: ImageQueues;
  table: TagTable;
}

/** The HTTP API: a function URL, which keeps a path's percent-encoding as API Gateway doesn't, for signed requests only. */
export class QueryTags extends Construct {
  readonly url: string;
  readonly function: LambdaFunction;
  readonly #url: FunctionUrl;

  constructor(scope: Construct, id: string, { options, queues, table, ...props }: QueryTagsProps) {
    super(scope, id);
    const { function: queryTags, role } = new NodeFunction(this, 'QueryTags', {
      ...props,
      description: 'Answers questions about tagged images, and takes corrections',
      architecture: options.architecture,
      memoryMb: 512,
      timeout: Duration.seconds(30),
      environment: {
        TABLE_NAME: table.table.tableName,
        BACKFILL_QUEUE_URL: queues.backfill.queueUrl,
        LABELS_DIRECTORY: 'labels',
        POWERTOOLS_SERVICE_NAME: 'query-tags',
      },
    });
    this.function = queryTags;
    role.addToPolicy(table.readOnly());
    // People's corrections, and the key that cursors are signed with.
    role.addToPolicy(table.readWrite());
    role.addToPolicy(queues.lookAfter());
    this.#url = queryTags.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
    this.url = this.#url.url;
  }

  /** Lets someone send requests. */
  grantInvoke(grantee: IGrantable): Grant {
    return this.#url.grantInvokeUrl(grantee);
  }
}
