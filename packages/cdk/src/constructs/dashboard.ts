import { type Alarm, AlarmStatusWidget, Dashboard, GraphWidget, type IMetric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { OperatedParts } from './alarms.ts';
import {
  budgetMissPercent,
  comparisonMetric,
  imageMetric,
  invocationErrorPercent,
  requestErrorPercent,
  throttledTableRequests,
} from './metrics.ts';

export interface OperationsDashboardProps extends OperatedParts {
  alarms: Alarm[];
}

const OUTCOMES = ['tagged', 'empty', 'rejected', 'failed', 'removed', 'skipped', 'returned'];
const STAGES = ['fetchMs', 'decodeMs', 'inferMs', 'storeMs', 'totalMs'];

/** One page that answers: what is wrong, what comes in, how late, how fast, and what it is waiting for. */
export class OperationsDashboard extends Construct {
  constructor(scope: Construct, id: string, { queues, table, tagImages, queryTags, alarms }: OperationsDashboardProps) {
    super(scope, id);
    const { live, backfill, deadLetters } = queues;
    const stages = (statistic: string) => STAGES.map((stage) => imageMetric(this, stage, statistic));
    const waiting = [live, backfill, deadLetters].map((queue) => queue.metricApproximateNumberOfMessagesVisible());
    const ages = [live, backfill].map((queue) => queue.metricApproximateAgeOfOldestMessage());

    new Dashboard(this, 'Dashboard', {
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24, height: 3 })],
        [
          graph(
            'Images, by outcome',
            OUTCOMES.map((outcome) => imageMetric(this, `${outcome}Images`)),
          ),
          graph('Messages waiting', waiting),
          graph('Age of the oldest message, seconds', ages),
        ],
        [
          graph('An image, median, ms', stages(Stats.percentile(50))),
          graph('An image, 99th percentile, ms', stages(Stats.percentile(99))),
          graph('Budget misses, percent', [budgetMissPercent(this)]),
        ],
        [
          graph('Errors, percent', [invocationErrorPercent(tagImages), requestErrorPercent(queryTags)]),
          graph('Throttles', [tagImages.metricThrottles(), queryTags.metricThrottles(), throttledTableRequests(table)]),
          graph('Found by comparison', [comparisonMetric(this, 'lostEvents'), comparisonMetric(this, 'goneRecords')]),
          graph('Table, units', [table.metricConsumedReadCapacityUnits(), table.metricConsumedWriteCapacityUnits()]),
        ],
      ],
    });
  }
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 8, leftYAxis: { min: 0 } });
}
