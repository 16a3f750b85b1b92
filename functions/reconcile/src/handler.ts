import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { parseSettings } from '@tagmill/core';
import { createReconcile } from './reconcile.ts';
import { settingsSchema } from './settings.ts';

/** What the state machine calls, with what it was answered before. */
export const handler = createReconcile(parseSettings(settingsSchema, process.env), {
  logger: new Logger(),
  metrics: new Metrics(),
});
