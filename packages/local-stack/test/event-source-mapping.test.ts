import { DeleteQueueCommand } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { bodies, closeSmallStack, startSmallStack, times, until } from './running-small-stack.ts';

jest.setTimeout(40_000);
afterEach(closeSmallStack);

describe('an event source', () => {
  test('hands out no more messages at once than the template says', async () => {
    const { send, seen } = await startSmallStack({ batchSize: 3, concurrency: 2 });
    await Promise.all(Array.from({ length: 12 }, (_, i) => send(`m${i}`)));
    const lines = await seen((all) => bodies(all).length >= 13);
    expect(Math.max(...lines.map(({ batch = 0 }) => batch))).toBeLessThanOrEqual(3);
    expect(Math.max(...lines.map(({ batch = 0 }) => batch))).toBeGreaterThan(1);
  });

  test('brings back the message that failed, after its visibility timeout, and not the others', async () => {
    const { send, seen, waiting, outputs } = await startSmallStack();
    await Promise.all(['fail', 'fine'].map(send));
    const lines = await seen((all) => times(all, 'fail') >= 2);
    expect(times(lines, 'fine')).toBe(1);
    await until(
      () => waiting(outputs.QueueUrl!),
      (left) => left === 0,
    );
  });

  test.each(['hang', 'crash', 'throw', 'name-a-stranger', 'talk'])(
    'brings back the whole batch of a function that does this: %s',
    async (what) => {
      const { send, seen, waiting, outputs } = await startSmallStack({ concurrency: 1 });
      await send(what);
      const lines = await seen((all) => times(all, what) >= 2);
      const [first, second] = lines.filter(({ body }) => body === what);
      expect(second!.receiveCount).toBe(2);
      // Who hung or crashed lost their process; the others keep it.
      expect(second!.pid === first!.pid).toBe(!['hang', 'crash'].includes(what));
      await until(
        () => waiting(outputs.QueueUrl!),
        (left) => left === 0,
      );
    },
  );

  test('takes no answer for success', async () => {
    const { send, seen, waiting, outputs } = await startSmallStack();
    await send('return-nothing');
    const lines = await seen((all) => times(all, 'return-nothing') >= 1);
    await until(
      () => waiting(outputs.QueueUrl!),
      (left) => left === 0,
    );
    expect(times(lines, 'return-nothing')).toBe(1);
  });

  test('asks a queue that is gone once a second, and says so', async () => {
    const lines: string[] = [];
    const { seen, sqs, outputs } = await startSmallStack({ concurrency: 1, log: (line) => lines.push(line) });
    await seen((all) => all.length > 0);
    await sqs.send(new DeleteQueueCommand({ QueueUrl: outputs.QueueUrl! }));
    await until(
      () => lines.length,
      (said) => said >= 2,
    );
    expect(lines[0]).toMatch(/Small-Queue: .*does not exist/);
    expect(lines.length).toBeLessThan(4);
  });

  test('puts a message that always fails into the dead-letter queue after its last receive', async () => {
    const { send, seen, waiting, outputs } = await startSmallStack({ visibilityTimeout: 1, maxReceiveCount: 2 });
    await send('always-fail');
    await until(
      () => waiting(outputs.DeadLetterQueueUrl!),
      (dead) => dead === 1,
    );
    expect(times(await seen(() => true), 'always-fail')).toBe(2);
  });

  test('tells a function how long it has', async () => {
    const { send, seen } = await startSmallStack({ functionTimeout: 3 });
    await send('one');
    const [line] = await seen((all) => all.length > 0);
    expect(line!.remainingMs).toBeGreaterThan(2000);
    expect(line!.remainingMs).toBeLessThanOrEqual(3000);
  });
});
