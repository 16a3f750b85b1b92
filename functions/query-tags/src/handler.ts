import { Logger } from '@aws-lambda-powertools/logger';
import { parseSettings } from '@tagmill/core';
import { documentClient } from '@tagmill/tag-store';
import { z } from 'zod';
import { createRoutes } from './routes.ts';

const { TABLE_NAME } = parseSettings(z.object({ TABLE_NAME: z.string() }), process.env);

/** What the function URL calls. */
export const handler = createRoutes({ client: documentClient(), tableName: TABLE_NAME }, new Logger());
