import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { startTagmillIn, tagmillIn } from '../../../../test/helpers/command.ts';

jest.setTimeout(120_000);

const LISTENER = `const server = require('node:net').createServer().listen(0, '127.0.0.1', () => console.log(server.address().port));`;

let state: string;
let children: ChildProcess[];
beforeEach(() => {
  state = fs.mkdtempSync(path.join(os.tmpdir(), 'stacks-'));
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  fs.rmSync(state, { recursive: true });
});

const tagmill = (...args: string[]) => tagmillIn({ XDG_STATE_HOME: state, XDG_DATA_HOME: state }, ...args);

/** Not synchronously: this process has to see its children end, or they stay in the list of processes. */
async function down(...args: string[]) {
  const command = startTagmillIn({ XDG_STATE_HOME: state }, 'down', ...args);
  const [stdout, [code]] = await Promise.all([text(command.stdout), once(command, 'exit')]);
  return { code, stdout };
}

/** A process that listens, as the API of a stack does. */
async function listen(): Promise<{ child: ChildProcess; pid: number; port: number }> {
  const child = spawn(process.execPath, ['--eval', LISTENER], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = await once(createInterface(child.stdout!), 'line');
  return { child, pid: child.pid!, port: Number(line) };
}

/** The same, written down as `tagmill up` does when it is ready. */
async function stack(minute: number, { data }: { data?: string } = {}) {
  const { child, pid, port } = await listen();
  const url = `http://127.0.0.1:${port}`;
  const note = {
    ...{ s3: url, sqs: url, dynamodb: url, lambda: url, api: `${url}/` },
    ...{ uploadBucket: 'photos', queueUrl: 'q', backfillQueueUrl: 'b', deadLetterQueueUrl: 'd', table: 'tags' },
    ...{ reconcileFunction: 'r', enqueueBackfillFunction: 'e', pid, data },
    startedAt: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(),
  };
  const notes = path.join(state, 'tagmill/local-stacks');
  fs.mkdirSync(notes, { recursive: true });
  fs.writeFileSync(path.join(notes, `${pid}.json`), JSON.stringify(note));
  fs.writeFileSync(path.join(notes, `${pid}.log`), `first of ${minute}\nsecond of ${minute}\n`);
  return { child, pid, port };
}

async function kill(child: ChildProcess) {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('of two local stacks', () => {
  test('a command asks which, and the older is found when the newer has stopped', async () => {
    const [older, newer] = [await stack(1), await stack(2, { data: '/kept' })];
    expect(tagmill('status')).toEqual({
      code: 2,
      stdout: '',
      stderr: `tagmill: 2 local stacks run: --local ${older.port} or --local ${newer.port} says which\n`,
    });
    expect(tagmill('logs', '--local', `${older.port}`, '--lines', '1').stdout).toBe('second of 1\n');
    expect(await down('--local', `${newer.port}`)).toEqual({
      code: 0,
      stdout: `The local stack on port ${newer.port} has stopped; its data is in /kept\n`,
    });
    expect(newer.child.signalCode ?? (await once(newer.child, 'exit'))[1]).toBe('SIGTERM');
    expect(tagmill('logs').stdout).toBe('first of 1\nsecond of 1\n');
    expect(await down()).toMatchObject({ code: 0, stdout: expect.stringContaining('its data is gone') });
  });

  test('none is found on a port where none is, and the others are named', async () => {
    const { port } = await stack(1);
    const { code, stderr } = tagmill('redrive', '--local', '9');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `tagmill: No local stack is running on port 9; there is --local ${port}\n`,
    });
    const both = tagmill('redrive', '--local', `${port}`, '--stack', 'Tagmill');
    expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('not both') });
  });
});

test('a local stack that was killed is told from none, in one line, and its log is still there', async () => {
  const { child, pid, port } = await stack(1, { data: '/kept' });
  await kill(child);
  for (const args of [['status'], ['query', 'dog'], ['down'], ['status', '--local', `${port}`]]) {
    const { code, stdout, stderr } = tagmill(...args);
    expect({ args, code, stdout }).toEqual({ args, code: 1, stdout: '' });
    expect(stderr).toMatch(/^tagmill: No local stack is running: [^\n]*\n$/);
    expect(stderr).toContain(`the one on port ${port} (pid ${pid}) was killed, and its data is in /kept`);
  }
  expect(tagmill('logs').stdout).toBe('first of 1\nsecond of 1\n');
});

test('a log is followed to the end of its stack', async () => {
  const { child, pid } = await stack(1);
  const log = path.join(state, `tagmill/local-stacks/${pid}.log`);
  const follower = startTagmillIn({ XDG_STATE_HOME: state }, 'logs', '--follow', '--lines', '1');
  children.push(follower);
  const lines = createInterface(follower.stdout!);
  expect(await once(lines, 'line')).toEqual(['second of 1']);
  fs.appendFileSync(log, 'third\n');
  expect(await once(lines, 'line')).toEqual(['third']);
  await kill(child);
  expect(await once(follower, 'exit')).toEqual([0, null]);
});

describe('tagmill up builds nothing', () => {
  const refused = (...args: string[]) => {
    const { code, stdout, stderr } = tagmill('up', ...args);
    expect({ stdout, lines: stderr.trim().split('\n').length }).toEqual({ stdout: '', lines: 1 });
    return { code, stderr };
  };

  test('where a port is in use, and names who uses it', async () => {
    const { pid, port } = await listen();
    const { code, stderr } = refused('--port', `${port - 1}`);
    expect(code).toBe(1);
    const owner = process.platform === 'linux' ? ` (pid ${pid})` : '';
    expect(stderr).toBe(`tagmill: up: port ${port} is in use${owner}. Choose another with --port.\n`);
  });

  test('where another stack has the port, and says how to stop it', async () => {
    const { pid, port } = await stack(1);
    expect(refused('--port', `${port}`)).toEqual({
      code: 1,
      stderr: `tagmill: up: port ${port} is in use (pid ${pid}, the local stack on port ${port}: tagmill down --local ${port} stops it). Choose another with --port.\n`,
    });
  });

  test.each([
    ['ports that there aren’t', ['--port', '65533'], /--port 65533: a stack has 6 ports .* 65530 at most/],
    ['data that is kept and isn’t', ['--data', 'x', '--fresh'], /--data or --fresh, not both/],
    ['a variant and a family', ['--variant', 'everyday/0.5-96', '--family', 'everyday'], /not both/],
  ])('for %s', (_, args, message) => {
    const { code, stderr } = refused(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
