/** Where the command finds what belongs to it. The published package lies elsewhere, and has a file of its own in place of this one. */
import path from 'node:path';

/** The root of the checkout that this command runs from. */
export const PROJECT_ROOT = path.join(import.meta.dirname, '../../..');

/** The models that come with the project. */
export const PROJECT_MODELS = path.join(PROJECT_ROOT, 'models');

/** What a process that tags files runs. */
export const TAGGING_PROCESS = path.join(import.meta.dirname, '../bin/tagging-process.js');
