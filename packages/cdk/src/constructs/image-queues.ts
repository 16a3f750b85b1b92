import { Aws, Duration } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct, type IDependable } from 'constructs';
import { MESSAGE_RETENTION_DAYS } from '../options.ts';

export interface ImageQueuesProps {
  visibilityTimeout: Duration;
  maxReceiveCount: number;
}

/** New images, those of a backfill apart from them, and the messages that every try failed on. */
export class ImageQueues extends Construct {
  readonly live: Queue;
  /** Its own, so that a photo of today doesn't wait behind ten million old ones. */
  readonly backfill: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { visibilityTimeout, maxReceiveCount }: ImageQueuesProps) {
    super(scope, id);
    // Longer than the others': a message's age counts from when it was first sent.
    this.deadLetters = this.#queue('DeadLetters', { retentionPeriod: Duration.days(14) });
    const retentionPeriod = Duration.days(MESSAGE_RETENTION_DAYS);
    const deadLetterQueue = { queue: this.deadLetters, maxReceiveCount };
    this.live = this.#queue('Live', { visibilityTimeout, deadLetterQueue, retentionPeriod });
    this.backfill = this.#queue('Backfill', { visibilityTimeout, deadLetterQueue, retentionPeriod });
  }

  /** Lets S3 send this bucket's events, of this account only. */
  acceptEventsOf(bucketArn: string): IDependable {
    const statement = new PolicyStatement({
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal('s3.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [this.live.queueArn],
      conditions: {
        StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
        ArnLike: { 'aws:SourceArn': bucketArn },
      },
    });
    return this.live.addToResourcePolicy(statement).policyDependable ?? this.live;
  }

  /** Ask how full the queue of backfills is, and send to it. */
  fillBackfill(): PolicyStatement {
    return new PolicyStatement({
      actions: ['sqs:SendMessage', 'sqs:GetQueueAttributes'],
      resources: [this.backfill.queueArn],
    });
  }

  /** Have the tagging function look after images, behind whatever waits. */
  lookAfter(): PolicyStatement {
    return new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.backfill.queueArn] });
  }

  #queue(id: string, props: ConstructorParameters<typeof Queue>[2]): Queue {
    return new Queue(this, id, { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, ...props });
  }
}
