import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { pipelineName } from '../pipeline-name.ts';
import type { Workflow } from './workflow.ts';

const period = Duration.minutes(5);

/** Of what the functions measure themselves: each pipeline's apart, since an account may have several. */
export function metricsNamespace(scope: Construct): string {
  return `tagmill/${pipelineName(scope)}`;
}

/** What the function tag-images measures: see its observe.ts. */
export function imageMetric(scope: Construct, metricName: string, statistic: string = Stats.SUM): Metric {
  return new Metric({
    namespace: metricsNamespace(scope),
    metricName,
    dimensionsMap: { service: 'tag-images' },
    statistic,
    period,
    label: metricName,
  });
}

/** What the function reconcile measures, once a comparison: see its observe.ts. */
export function comparisonMetric(scope: Construct, metricName: string): Metric {
  return imageMetric(scope, metricName).with({ dimensionsMap: { service: 'reconcile' } });
}

/** Comparisons that were given up. */
export function failedComparisons({ arn }: Workflow): Metric {
  return new Metric({
    namespace: 'AWS/States',
    metricName: 'ExecutionsFailed',
    dimensionsMap: { StateMachineArn: arn },
    statistic: Stats.SUM,
    period,
  });
}

/** Of the images that have a budget, how many took longer. Each counts as 0 or 1. */
export function budgetMissPercent(scope: Construct): IMetric {
  return new MathExpression({
    expression: '100 * misses',
    usingMetrics: { misses: imageMetric(scope, 'budgetMisses', Stats.AVERAGE) },
    label: 'budget misses, percent',
    period,
  });
}

/** Invocations that threw, ran out of time or were killed. A message that was handed back in good order is none. */
export function invocationErrorPercent(tagImages: LambdaFunction): IMetric {
  return new MathExpression({
    expression: '100 * errors / invocations',
    usingMetrics: {
      errors: tagImages.metricErrors({ period }),
      invocations: tagImages.metricInvocations({ period }),
    },
    label: 'invocations that failed, percent',
    period,
  });
}

/** Answers of the API that say that it failed. It doesn't throw, so Lambda counts no error. */
export function requestErrorPercent(queryTags: LambdaFunction): IMetric {
  const ofUrl = (metricName: string) => queryTags.metric(metricName, { period, statistic: Stats.SUM });
  return new MathExpression({
    expression: '100 * failures / requests',
    usingMetrics: { failures: ofUrl('Url5xxCount'), requests: ofUrl('UrlRequestCount') },
    label: 'requests that failed, percent',
    period,
  });
}

/** Reads and writes that DynamoDB put off, indexes' included: the SDK tries again, so one or two are nothing. */
export function throttledTableRequests(table: Table): IMetric {
  const events = (metricName: string) => table.metric(metricName, { period, statistic: Stats.SUM });
  return new MathExpression({
    expression: 'FILL(reads, 0) + FILL(writes, 0)',
    usingMetrics: { reads: events('ReadThrottleEvents'), writes: events('WriteThrottleEvents') },
    label: 'throttled requests of the table',
    period,
  });
}
