import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { ReconcileReport } from '@tagmill/pipeline';

/** What a comparison found, once it is complete, in CloudWatch's embedded format. */
export function measureReport(
  { objects, records, missing, stale, gone, unreadable, orphaned }: ReconcileReport,
  metrics: Metrics,
): void {
  const counts = {
    comparedObjects: objects,
    comparedRecords: records,
    lostEvents: missing + stale,
    goneRecords: gone,
    unreadableRecords: unreadable + orphaned,
  };
  for (const [name, count] of Object.entries(counts)) metrics.addMetric(name, MetricUnit.Count, count);
  metrics.publishStoredMetrics();
}
