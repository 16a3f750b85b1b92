/** S3 in a thread of its own, so that it takes no time of whoever asks. */
import { parentPort } from 'node:worker_threads';
import { startFauxqs } from 'fauxqs';

const server = await startFauxqs({ port: 0, logger: false });
server.createBucket('photos');
parentPort!.postMessage(server.address);
