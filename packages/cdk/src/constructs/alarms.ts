import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { PipelineOptions } from '../options.ts';
import { pipelineName } from '../pipeline-name.ts';
import type { ImageQueues } from './image-queues.ts';
import {
  budgetMissPercent,
  comparisonMetric,
  failedComparisons,
  invocationErrorPercent,
  requestErrorPercent,
  throttledTableRequests,
} from './metrics.ts';
import type { Workflow } from './workflow.ts';

export interface OperatedParts {
  queues: ImageQueues;
  table: Table;
  tagImages: LambdaFunction;
  queryTags: LambdaFunction;
  comparison: Workflow;
}

export interface AlarmsProps extends OperatedParts {
  options: PipelineOptions;
  /** That is told of them. */
  topic: ITopic | undefined;
}

/** Where it is time to look: faster variants are chosen from once the target age, and should have caught up by thrice that. */
const LATE_FACTOR = 3;
/** The queue keeps messages for seven days. */
const BACKFILL_LATE = Duration.days(5);

/** What somebody has to be told of. docs/operations/runbook.md says of each, by its name, what it means and what to do. */
export class Alarms extends Construct {
  readonly alarms: Alarm[] = [];
  readonly #topic;

  constructor(
    scope: Construct,
    id: string,
    { queues, table, tagImages, queryTags, comparison, options, topic }: AlarmsProps,
  ) {
    super(scope, id);
    this.#topic = topic;
    const age = { statistic: Stats.MAXIMUM };

    this.#add('DeadLetterMessages', 'Messages that every try failed on: images without a tag', {
      metric: queues.deadLetters.metricApproximateNumberOfMessagesVisible(age),
      above: 0,
      periods: 1,
    });
    this.#add('OldestMessageAgeSeconds', 'Images come faster than they are tagged, or none is tagged', {
      metric: queues.live.metricApproximateAgeOfOldestMessage(age),
      above: LATE_FACTOR * options.queueTargetAgeSeconds,
    });
    this.#add(
      'OldestBackfillMessageAgeSeconds',
      'Messages of a backfill will be dropped when they are seven days old',
      {
        metric: queues.backfill.metricApproximateAgeOfOldestMessage(age),
        above: BACKFILL_LATE.toSeconds(),
        periods: 1,
      },
    );
    this.#add('TagImagesErrorPercent', 'The function that tags throws, runs out of time or is killed', {
      metric: invocationErrorPercent(tagImages),
      above: 5,
    });
    this.#add('QueryTagsErrorPercent', 'The API answers that it failed', {
      metric: requestErrorPercent(queryTags),
      above: 5,
    });
    this.#add('BudgetMissPercent', 'Images take longer than their latency budget', {
      metric: budgetMissPercent(this),
      above: 10,
    });
    this.#add('TagImagesThrottledInvocations', "The account's concurrency is used up: tagging waits", {
      metric: tagImages.metricThrottles(),
      above: 0,
    });
    this.#add('QueryTagsThrottledInvocations', "The account's concurrency is used up: requests are refused", {
      metric: queryTags.metricThrottles(),
      above: 0,
    });
    this.#add('TableThrottledRequests', 'DynamoDB puts off reads or writes', {
      metric: throttledTableRequests(table),
      above: 0,
    });
    this.#add('LostEvents', 'Images whose events never came, or were dropped; they have been enqueued', {
      metric: comparisonMetric(this, 'lostEvents'),
      above: 0,
      periods: 1,
    });
    this.#add('ReconcileFailedExecutions', 'The bucket was not compared with the table', {
      metric: failedComparisons(comparison),
      above: 0,
      periods: 1,
    });
  }

  /** By default for three periods of five minutes: what passes by itself wakes nobody. */
  #add(
    name: string,
    meaning: string,
    { metric, above, periods = 3 }: { metric: IMetric; above: number; periods?: number },
  ) {
    const alarm = new Alarm(this, name, {
      alarmName: `${pipelineName(this)}-${name}`,
      alarmDescription: `${meaning}. docs/operations/runbook.md#${name.toLowerCase()}`,
      metric,
      threshold: above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      // Where nothing happens, nothing is measured.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (this.#topic) alarm.addAlarmAction(new SnsAction(this.#topic));
    this.alarms.push(alarm);
  }
}
