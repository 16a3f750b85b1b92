/** Runs every client's script against an S3 of its own, and says which pass. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startS3 } from '@tagmill/local-stack/s3';

/** The command that runs a script, and one that tells whether its client is there. */
const CLIENTS: Readonly<Record<string, { run: string[]; find: string[] }>> = {
  'AWS SDK for JavaScript': { run: [process.execPath, 'javascript.ts'], find: [process.execPath, '--version'] },
  boto3: { run: ['python3', 'boto3_client.py'], find: ['python3', '-c', 'import boto3, requests'] },
  'aws command line': { run: ['bash', 'aws.sh'], find: ['aws', '--version'] },
  s3cmd: { run: ['bash', 's3cmd.sh'], find: ['s3cmd', '--version'] },
  rclone: { run: ['bash', 'rclone.sh'], find: ['rclone', 'version'] },
};
const SMALL_FILES = 1300;
const LARGE_BYTES = 12 * 2 ** 20;
const TIME_LIMIT_MS = 1_800_000;

const directory = await fs.mkdtemp(path.join(os.tmpdir(), 'judge-clients-'));
const s3 = await startS3({ port: 0 });
try {
  const large = randomBytes(LARGE_BYTES);
  await fs.writeFile(path.join(directory, 'large.bin'), large);
  await fs.mkdir(path.join(directory, 'small'));
  for (let i = 0; i < SMALL_FILES; i++) {
    await fs.writeFile(path.join(directory, 'small', `${i % 2 ? 'IMG' : 'img'}-${i}.txt`), `${i}`);
  }
  const environment = {
    ...process.env,
    ENDPOINT: s3.endpoint,
    DIRECTORY: directory,
    LARGE_MD5: createHash('md5').update(large).digest('hex'),
    SMALL_FILES: String(SMALL_FILES),
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: path.join(directory, 'none'),
    // Older clients can't be given one, and nothing here is encrypted.
    AWS_CA_BUNDLE: undefined,
  };
  const wanted = process.argv[2];
  for (const [name, { run, find }] of Object.entries(CLIENTS)) {
    if (wanted !== undefined && wanted !== name) continue;
    if (spawnSync(find[0]!, find.slice(1), { stdio: 'ignore' }).status !== 0) {
      print(`${name}: skipped: it isn't installed`);
      continue;
    }
    const bucket = `client-${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`;
    const status = await runScript(run, { ...environment, BUCKET: bucket });
    print(`${name}: ${status === 0 ? 'passed' : 'FAILED'}`);
    if (status !== 0) process.exitCode = 1;
  }
} finally {
  await s3.close();
  await fs.rm(directory, { recursive: true });
}

/** Not in this thread: S3 answers from it. */
async function runScript([command, ...args]: string[], env: NodeJS.ProcessEnv): Promise<number | null> {
  const child = spawn(command!, args, { cwd: import.meta.dirname, env, stdio: 'inherit', timeout: TIME_LIMIT_MS });
  return new Promise((resolve) => child.on('close', resolve));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
