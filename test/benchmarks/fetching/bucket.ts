/** S3 in a thread of its own, so that it takes no time of whoever asks. */
import { parentPort } from 'node:worker_threads';
import { startS3 } from '@tagmill/local-stack/s3';

const server = await startS3({ port: 0 });
server.ensureBucket('photos');
parentPort!.postMessage(server.endpoint);
