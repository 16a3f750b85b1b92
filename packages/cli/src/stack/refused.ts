import { parseMessage, type RefusedMessage } from '@tagmill/pipeline';
import { EXIT } from '../errors.ts';

/** Says which image a message is about that SQS doesn't take, and has the command end with 1. */
export function refusedBySqs({ body, reason }: RefusedMessage): void {
  const names = parseMessage(body).events.map(({ bucket, key }) => `s3://${bucket}/${key}`);
  process.stderr.write(`SQS does not take the message about ${names.join(', ') || body}: ${reason}\n`);
  process.exitCode = EXIT.failed;
}
