/**
 * What a function's process runs: imports the bundle's handler, as Lambda's runtime does, and answers invocations that come
 * by IPC, one at a time. It ends with the process that started it, and kills itself above its memory size.
 */
import fs from 'node:fs';
import { pathToFileURL } from 'node:url';
import { findHandler } from './handler-file.ts';

const MEMORY_CHECK_MS = 200;

interface Invocation {
  event: unknown;
  requestId: string;
  /** Of the function. */
  arn: string;
  /** Milliseconds since the epoch. */
  deadline: number;
}

const { LAMBDA_TASK_ROOT, _HANDLER, AWS_LAMBDA_FUNCTION_NAME, AWS_LAMBDA_FUNCTION_MEMORY_SIZE } = process.env as Record<
  string,
  string
>;
const { file, name } = findHandler(LAMBDA_TASK_ROOT!, _HANDLER!);

process.on('disconnect', () => process.exit());
const memoryBytes = Number(AWS_LAMBDA_FUNCTION_MEMORY_SIZE) * 2 ** 20;
setInterval(() => {
  const rssBytes = process.memoryUsage.rss();
  if (rssBytes <= memoryBytes) return;
  fs.writeSync(
    2,
    `killed at ${Math.ceil(rssBytes / 2 ** 20)} MB of memory: it has ${AWS_LAMBDA_FUNCTION_MEMORY_SIZE}\n`,
  );
  process.kill(process.pid, 'SIGKILL');
}, MEMORY_CHECK_MS).unref();

const module = await import(pathToFileURL(file!).href);
// What a CommonJS file exports in a way that can't be seen before it runs is in the default export.
const handler = module[name] ?? module.default?.[name];
if (typeof handler !== 'function') throw new Error(`${file} exports no function ${name}`);

process.on('message', async ({ event, requestId, arn, deadline }: Invocation) => {
  const context = {
    awsRequestId: requestId,
    functionName: AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: '$LATEST',
    invokedFunctionArn: arn,
    memoryLimitInMB: AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: `local/${process.pid}`,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  try {
    process.send?.({ requestId, result: await handler(event, context) });
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    process.send?.({ requestId, error: { type: name, message, stack: stack ?? message } });
  }
});
process.send?.({ ready: true });
