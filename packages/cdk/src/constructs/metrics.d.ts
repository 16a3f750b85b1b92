import { type IMetric, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Workflow } from './workflow.ts';
/** Of what the functions measure themselves: each pipeline's apart, since an account may have several. */
export declare function metricsNamespace(scope: Construct): string;
/** What the function tag-images measures: see its observe.ts. */
export declare function imageMetric(scope: Construct, metricName: string, statistic?: string): Metric;
/** What the function reconcile measures, once a comparison: see its observe.ts. */
export declare function comparisonMetric(scope: Construct, metricName: string): Metric;
/** Comparisons that were given up. */
export declare function failedComparisons({ arn }: Workflow): Metric;
/** Of the images that have a budget, how many took longer. Each counts as 0 or 1. */
export declare function budgetMissPercent(scope: Construct): IMetric;
/** Invocations that threw, ran out of time or were killed. A message that was handed back in good order is none. */
export declare function invocationErrorPercent(tagImages: LambdaFunction): IMetric;
/** Answers of the API that say that it failed. It doesn't throw, so Lambda counts no error. */
export declare function requestErrorPercent(queryTags: LambdaFunction): IMetric;
/** Reads and writes that DynamoDB put off, indexes' included: the SDK tries again, so one or two are nothing. */
export declare function throttledTableRequests(table: Table): IMetric;
