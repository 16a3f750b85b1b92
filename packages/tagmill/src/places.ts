/** In place of the command's own `places.ts`: all files of the package are in `dist`, its models beside that folder. */
import path from 'node:path';

export const PROJECT_ROOT = path.join(import.meta.dirname, '..');

/** The models that come with the package. */
export const PROJECT_MODELS = path.join(PROJECT_ROOT, 'models');

/** What a process that tags files runs. */
export const TAGGING_PROCESS = path.join(import.meta.dirname, 'tagging-process.js');
