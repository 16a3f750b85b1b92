import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { BatchReport, ImageResult } from '@tagmill/pipeline';

/** Names every image that failed or was rejected. What went well is in the table, and in the metrics. */
export function logReport({ images, warnings, unknown }: BatchReport, logger: Logger): void {
  for (const image of images) {
    const { bucket, key, messageIds, result } = image;
    const about = { bucket, key, messageIds };
    if (image.result === 'error')
      logger.error('image failed, will be tried again', { ...about, error: asError(image.error) });
    if (result === 'gave-up-waiting') logger.error('image took too long, will be tried again', about);
    if (result === 'not-tried') logger.warn('image handed back untried: no time left', about);
    if ('mended' in image) logger.warn('unreadable record replaced', { ...about, fault: image.mended });
    if (image.result === 'recorded' && image.record.outcome === 'rejected') {
      logger.warn('image rejected', { ...about, reason: image.record.reason, detail: image.record.message });
    }
  }
  for (const warning of warnings) logger.error('batch', { error: asError(warning) });
  if (unknown > 0) logger.warn('messages that say nothing known were acknowledged', { unknown });
}

/**
 * One document a batch in CloudWatch's embedded format, with an array of values a metric: log volume costs. Keys are no
 * dimensions: each would be a metric of its own.
 */
export function measureReport(report: BatchReport, metrics: Metrics): void {
  const { images, testEvents, unknown, returnedMessageIds } = report;
  for (const name of ['tagged', 'empty', 'rejected', 'failed', 'removed', 'renamed', 'skipped', 'returned'] as const) {
    metrics.addMetric(`${name}Images`, MetricUnit.Count, images.filter((image) => outcomeOf(image) === name).length);
  }
  metrics.addMetric('testEvents', MetricUnit.Count, testEvents);
  metrics.addMetric('unknownMessages', MetricUnit.Count, unknown);
  metrics.addMetric('returnedMessages', MetricUnit.Count, returnedMessageIds.length);
  for (const image of images) {
    if (image.result !== 'recorded') continue;
    const { timings, budget, image: facts } = image.record;
    for (const [stage, milliseconds] of Object.entries(timings ?? {})) {
      metrics.addMetric(stage, MetricUnit.Milliseconds, milliseconds);
    }
    if (facts.bytes !== undefined) metrics.addMetric('imageBytes', MetricUnit.Bytes, facts.bytes);
    if (budget) metrics.addMetric('budgetMisses', MetricUnit.Count, budget.met ? 0 : 1);
  }
  metrics.publishStoredMetrics();
}

function outcomeOf(image: ImageResult) {
  switch (image.result) {
    case 'recorded':
      return image.record.outcome;
    case 'removed':
    case 'renamed':
    case 'skipped':
      return image.result;
    default:
      return 'returned';
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
