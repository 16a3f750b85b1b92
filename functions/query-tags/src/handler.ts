import path from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import { parseSettings } from '@tagmill/core';
import { StoredRulesInForce } from '@tagmill/pipeline';
import { documentClient, RulesStore } from '@tagmill/tag-store';
import { announceTo } from './corrections.ts';
import { createRoutes } from './routes.ts';
import { settingsSchema } from './settings.ts';
import { readLabelSets, readVariants, wordsInForce } from './vocabulary.ts';

const { TABLE_NAME, BACKFILL_QUEUE_URL, LABELS_DIRECTORY, LAMBDA_TASK_ROOT } = parseSettings(
  settingsSchema,
  process.env,
);
const table = { client: documentClient(), tableName: TABLE_NAME };
const labels = await readLabelSets(path.resolve(LAMBDA_TASK_ROOT, LABELS_DIRECTORY));
const variants = readVariants(path.join(LAMBDA_TASK_ROOT, 'catalogue.json'));
const rules = new StoredRulesInForce({ store: new RulesStore(table) });

/** What the function URL calls. */
export const handler = createRoutes(
  {
    ...table,
    vocabulary: wordsInForce(labels, rules),
    announce: announceTo(BACKFILL_QUEUE_URL),
    variants: await variants,
  },
  new Logger(),
);
