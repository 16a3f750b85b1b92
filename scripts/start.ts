/** `npm start`: tags the sample photographs, so that a newcomer sees what tagmill does. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { samplePhotos } from './sample-photos.ts';

const command = path.join(import.meta.dirname, '../packages/cli/bin/tagmill.js');
const { status } = spawnSync(process.execPath, [command, 'tag', ...samplePhotos()], { stdio: 'inherit' });
process.exitCode = status ?? 1;
