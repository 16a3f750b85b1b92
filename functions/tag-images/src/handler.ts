import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { parseSettings } from '@tagmill/core';
import { settingsSchema } from './settings.ts';
import { createTagImages } from './tag-images.ts';

// At start, where Lambda lends a whole CPU: the model is loaded once, and wrong settings fail before any message is taken.
const tagImages = await createTagImages(parseSettings(settingsSchema, process.env), {
  logger: new Logger(),
  metrics: new Metrics(),
});

/** What the event source mapping calls. It answers the messages that must come back. */
export const handler = tagImages.handler;
