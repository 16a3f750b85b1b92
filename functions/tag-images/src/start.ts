import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { parseSettings } from '@tagmill/core';
import { settingsSchema } from './settings.ts';
import { createTagImages, type TagImages } from './tag-images.ts';

/** Parses the environment, loads the model and connects. */
export function start(): Promise<TagImages> {
  return createTagImages(parseSettings(settingsSchema, process.env), { logger: new Logger(), metrics: new Metrics() });
}
