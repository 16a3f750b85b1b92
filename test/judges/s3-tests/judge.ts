/** Runs the frozen selection of ceph/s3-tests against an S3 server and prints the share that passes. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startS3 } from '@tagmill/local-stack/s3';

const TEST_TIMEOUT_SECONDS = 60;
const GOAL = 0.95;
const NEEDED = ['boto3', 'pytest', 'pytest_timeout', 'munch', 'isodate', 'requests', 'pytz', 'lxml'];

const { values } = parseArgs({
  options: { endpoint: { type: 'string' }, failures: { type: 'string' }, only: { type: 'string' } },
});
const suite = process.env.S3_TESTS;
const python = process.env.S3_TESTS_PYTHON ?? 'python3';
const missing = whatIsMissing();
if (missing) print(`judge:s3: skipped: ${missing}`);
else process.exitCode = await judge(suite!);

function whatIsMissing(): string | undefined {
  if (!suite) return 'S3_TESTS names no checkout of ceph/s3-tests';
  try {
    execFileSync(python, ['-c', `import ${NEEDED.join(', ')}`], { stdio: 'pipe' });
    return undefined;
  } catch {
    return `${python} lacks one of ${NEEDED.join(', ')}`;
  }
}

/** @returns the exit code. */
async function judge(checkout: string): Promise<number> {
  const directory = await fs.mkdtemp(path.join(os.tmpdir(), 's3-tests-'));
  const server = values.endpoint ? undefined : await startS3({ port: 0 });
  try {
    const names = (await fs.readFile(path.join(import.meta.dirname, 'selected.txt'), 'utf8')).trim().split('\n');
    const selected = values.only ? names.filter((name) => new RegExp(values.only!).test(name)) : names;
    const results = path.join(directory, 'results.xml');
    const config = path.join(directory, 's3tests.conf');
    await fs.writeFile(config, writeConfig(new URL(values.endpoint ?? server!.endpoint)));
    const pytest = spawn(
      python,
      [
        ...['-m', 'pytest', '-q', '--tb=short', '-p', 'no:cacheprovider', `--junitxml=${results}`],
        ...[`--timeout=${TEST_TIMEOUT_SECONDS}`, '--timeout-method=signal'],
        ...selected.map((name) => `s3tests/functional/test_s3.py::${name}`),
      ],
      {
        cwd: checkout,
        env: { ...process.env, S3TEST_CONF: config, PYTHONUNBUFFERED: '1' },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const output = values.failures ? await fs.open(values.failures, 'w') : undefined;
    for await (const chunk of pytest.stdout) await output?.write(chunk);
    if (pytest.exitCode === null) await once(pytest, 'exit');
    await output?.close();
    return report(selected, await fs.readFile(results, 'utf8'));
  } finally {
    await server?.close();
    await fs.rm(directory, { recursive: true });
  }
}

/** A test with several cases passes if all of them do. */
function report(selected: readonly string[], results: string): number {
  const cases = [...results.matchAll(/<testcase [^>]*?\sname="([^"[]+)[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g)];
  const ran = new Set(cases.map(([, name]) => name));
  const failed = new Set(
    cases.filter(([, , inside]) => inside && /<(failure|error|skipped)/.test(inside)).map(([, name]) => name),
  );
  const passed = selected.filter((name) => ran.has(name) && !failed.has(name));
  for (const name of selected) if (!passed.includes(name)) print(`failed: ${name}`);
  const share = passed.length / selected.length;
  print(`${passed.length} of ${selected.length} pass: ${(share * 100).toFixed(1)}%`);
  return share >= GOAL ? 0 : 1;
}

/** The suite wants a main and another user; neither's signature is checked here. */
function writeConfig({ hostname, port }: URL): string {
  const user = (section: string, id: string, name: string, key: string) =>
    `[${section}]\nuser_id = ${id}\ndisplay_name = ${name}\nemail = ${name}@example.com\naccess_key = ${key}\nsecret_key = ${key}\n`;
  return [
    `[DEFAULT]\nhost = ${hostname === '127.0.0.1' ? 'localhost' : hostname}\nport = ${port}\nis_secure = False\nssl_verify = False\n`,
    '[fixtures]\nbucket prefix = judge-{random}-\n',
    `${user('s3 main', 'main', 'main', 'MAINACCESSKEY')}api_name = us-west-2\n`,
    user('s3 alt', 'alt', 'alt', 'ALTACCESSKEY'),
    `${user('s3 tenant', 'tenant', 'tenant', 'TENANTACCESSKEY')}tenant = tenant\n`,
    user('iam', 'iam', 'iam', 'IAMACCESSKEY'),
    user('iam root', 'root', 'root', 'ROOTACCESSKEY'),
    user('iam alt root', 'altroot', 'altroot', 'ALTROOTACCESSKEY'),
  ].join('\n');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
