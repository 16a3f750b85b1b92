import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { FunctionPool } from '../src/function-pool.ts';
import { type FunctionDefinition, FunctionProcess } from '../src/function-process.ts';

const event = { rawPath: '/', requestContext: { http: { method: 'GET' } } };
const lines: string[] = [];
let stop: (() => Promise<void>) | undefined;

interface Given {
  fixture?: string;
  memoryMb?: number;
  timeoutMs?: number;
}

const log = (line: string) => lines.push(line);

function define({ fixture = 'echo', memoryMb = 256, timeoutMs = 5000 }: Given = {}): FunctionDefinition {
  return {
    name: 'tested',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:tested',
    directory: path.join(import.meta.dirname, 'fixtures', fixture),
    handler: 'index.handler',
    timeoutMs,
    memoryMb,
    environment: {},
  };
}

function start(given: Given = {}): FunctionProcess {
  const started = new FunctionProcess(define(given), log);
  stop = () => started.kill();
  return started;
}

/** Blocks this process: it learns of nothing that happens meanwhile. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

async function saidLines(count: number): Promise<void> {
  for (const end = Date.now() + 5000; lines.length < count && Date.now() < end; ) await delay(10);
}

afterEach(async () => {
  await stop?.();
  lines.length = 0;
});

describe('a function’s process', () => {
  test('that died unnoticed fails the next invocation, and nothing else', async () => {
    const killed = start();
    await killed.invoke(event);
    process.kill(killed.pid!, 'SIGKILL');
    block(100);
    expect(killed.alive).toBe(true);
    await expect(killed.invoke(event)).rejects.toMatchObject({
      code: 'internal',
      message: 'tested: its process ended',
    });
    await expect(killed.kill()).resolves.toBeUndefined();
  });

  test('that can’t be started fails its invocation at once', async () => {
    const startedAt = performance.now();
    await expect(start({ fixture: 'not-there' }).invoke(event)).rejects.toMatchObject({ code: 'internal' });
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  test('that can’t be started can be killed', async () => {
    await expect(start({ fixture: 'not-there' }).kill()).resolves.toBeUndefined();
  });

  test('is killed at its timeout, also while it computes', async () => {
    const busy = start({ timeoutMs: 500 });
    await expect(busy.invoke({ ...event, rawPath: '/loop' })).rejects.toMatchObject({ code: 'timeout' });
    await busy.kill();
    expect(busy.alive).toBe(false);
  });

  test('is killed above its memory, and says so', async () => {
    const greedy = start({ memoryMb: 128 });
    await expect(greedy.invoke({ ...event, rawPath: '/grow' })).rejects.toMatchObject({ code: 'internal' });
    await saidLines(1);
    expect(lines).toEqual([expect.stringMatching(/^tested: killed at \d+ MB of memory: it has 128$/)]);
  });

  test('logs whole lines, however long', async () => {
    await start().invoke({ ...event, rawPath: '/log' });
    await saidLines(2);
    expect(lines.map((line) => line.length)).toEqual(['tested: '.length + 200_000, 'tested: end'.length]);
  });
});

describe('a pool of one', () => {
  function startPool(given: Given = {}): FunctionPool {
    const pool = new FunctionPool({ definition: define(given), concurrency: 1, log });
    stop = () => pool.close();
    return pool;
  }

  test('gives who waits for a function that hangs a process of its own', async () => {
    const pool = startPool({ timeoutMs: 500 });
    const hanging = expect(pool.invoke({ ...event, rawPath: '/loop' })).rejects.toMatchObject({ code: 'timeout' });
    await expect(pool.invoke(event)).resolves.toMatchObject({ statusCode: 201 });
    await hanging;
  });

  test('fails one invocation, and no more, for a process that died unnoticed', async () => {
    const pool = startPool();
    await pool.invoke(event);
    process.kill(pool.pids[0]!, 'SIGKILL');
    block(100);
    const [first, second] = await Promise.allSettled([pool.invoke(event), pool.invoke(event)]);
    expect(first.status).toBe('rejected');
    expect(second.status).toBe('fulfilled');
  });

  test('does nothing more once it is closed, and leaves no process', async () => {
    const pool = startPool();
    const running = pool.invoke({ ...event, rawPath: '/loop' });
    const waiting = pool.invoke(event);
    for (const end = Date.now() + 5000; pool.pids.length === 0 && Date.now() < end; ) await delay(10);
    await Promise.all([
      expect(running).rejects.toMatchObject({ code: 'internal' }),
      expect(waiting).rejects.toMatchObject({ code: 'unavailable' }),
      pool.close(),
    ]);
    expect(pool.pids).toEqual([]);
  });
});
