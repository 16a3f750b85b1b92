/**
 * Runs sqs_steps.py and dynamodb_steps.py against moto's server and against the local stack's SQS and DynamoDB, and prints each
 * step whose outcome differs. Ends with 1 if a difference isn't explained in differences.json, or an explained one is no more.
 */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual, promisify } from 'node:util';
import { startDynamoDb } from '../../../packages/local-stack/src/dynamodb.ts';
import { startSqs } from '../../../packages/local-stack/src/sqs/server.ts';

interface Step {
  step: string;
  outcome: unknown;
}

const START_TIMEOUT_MS = 120_000;
const python = process.env.MOTO_PYTHON ?? 'python3';

if (hasMoto()) process.exitCode = await judge();
else print(`judge:moto: skipped: ${python} has no moto with its server (pip install 'moto[server]' boto3)`);

function hasMoto(): boolean {
  try {
    execFileSync(python, ['-c', 'import boto3, flask, moto.server'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

async function judge(): Promise<number> {
  const moto = await startMoto();
  const [sqs, dynamodb] = [await startSqs({ port: 0, log: print }), await startDynamoDb({ port: 0, log: print })];
  try {
    const theirs = await run(moto.endpoint, moto.endpoint);
    const ours = await run(sqs.endpoint, dynamodb.endpoint);
    const explained = JSON.parse(await fs.readFile(path.join(import.meta.dirname, 'differences.json'), 'utf8'));
    return compare(theirs, ours, explained);
  } finally {
    moto.stop();
    await sqs.close();
    await dynamodb.close();
  }
}

async function run(sqs: string, dynamodb: string): Promise<Step[]> {
  const parts = [await runScript('sqs_steps.py', sqs), await runScript('dynamodb_steps.py', dynamodb)];
  return parts.flat();
}

async function runScript(name: string, endpoint: string): Promise<Step[]> {
  const script = path.join(import.meta.dirname, name);
  const { stdout } = await promisify(execFile)(python, ['-B', script, endpoint], { maxBuffer: 64 * 2 ** 20 });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function compare(theirs: readonly Step[], ours: readonly Step[], explained: Record<string, string>): number {
  let unexplained = 0;
  const differing = new Set<string>();
  for (const [i, { step, outcome }] of ours.entries()) {
    const other = theirs[i];
    if (other?.step === step && isDeepStrictEqual(withoutMessage(outcome), withoutMessage(other.outcome))) continue;
    differing.add(step);
    const reason = explained[step];
    if (reason === undefined) unexplained++;
    print(`${reason === undefined ? 'NOT EXPLAINED' : 'differs'}: ${step}`);
    print(`  ours: ${JSON.stringify(outcome)}`);
    print(`  moto: ${JSON.stringify(other?.outcome)}`);
    if (reason !== undefined) print(`  why:  ${reason}`);
  }
  const outdated = Object.keys(explained).filter((step) => !differing.has(step));
  for (const step of outdated) print(`NO DIFFERENCE ANY MORE: ${step}`);
  print(
    `${ours.length} steps: ${ours.length - differing.size} the same, ${differing.size} differ, ${unexplained} not explained`,
  );
  return unexplained + outdated.length + (theirs.length - ours.length) === 0 ? 0 : 1;
}

/** Errors are compared by their code: each server words them in its own way. */
function withoutMessage(outcome: unknown): unknown {
  if (typeof outcome !== 'object' || outcome === null || !('error' in outcome)) return outcome;
  return { error: outcome.error };
}

async function startMoto(): Promise<{ endpoint: string; stop: () => void }> {
  const port = await freePort();
  const moto = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const endpoint = `http://127.0.0.1:${port}`;
  const end = Date.now() + START_TIMEOUT_MS;
  while (!(await fetch(`${endpoint}/moto-api/`).catch(() => undefined))) {
    if (moto.exitCode !== null || Date.now() > end) throw new Error('judge:moto: its server did not start');
    await delay(200);
  }
  return { endpoint, stop: () => moto.kill() };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
