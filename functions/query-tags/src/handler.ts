import path from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import { parseSettings } from '@tagmill/core';
import { documentClient } from '@tagmill/tag-store';
import { createRoutes } from './routes.ts';
import { settingsSchema } from './settings.ts';
import { readSynonyms } from './synonyms.ts';

const { TABLE_NAME, LABELS_DIRECTORY, LAMBDA_TASK_ROOT } = parseSettings(settingsSchema, process.env);
const synonyms = await readSynonyms(path.resolve(LAMBDA_TASK_ROOT, LABELS_DIRECTORY));

/** What the function URL calls. */
export const handler = createRoutes({ client: documentClient(), tableName: TABLE_NAME, synonyms }, new Logger());
