import { once } from 'node:events';
import fs from 'node:fs/promises';
import net from 'node:net';
import { TagmillError } from '@tagmill/core';
import { localStacks } from './local-stacks.ts';

const HIGHEST_PORT = 65_535;

/**
 * Sees to it that a stack can have its ports, before anything is built for it.
 *
 * @param count that it has, from the first on; the first may be 0, for any.
 * @throws {TagmillError} `invalid-argument` if there are no such ports; `conflict` if one is in use, by whom, as far as that can be
 * seen; `unavailable` if this user may not have one.
 */
export async function checkPorts(first: number, count: number): Promise<void> {
  if (first === 0) return;
  if (first + count - 1 > HIGHEST_PORT) {
    const highest = HIGHEST_PORT - count + 1;
    throw new TagmillError(
      'invalid-argument',
      `--port ${first}: a stack has ${count} ports from this one on, so it is ${highest} at most`,
    );
  }
  for (let port = first; port < first + count; port++) await checkPort(port);
}

async function checkPort(port: number): Promise<void> {
  const server = net.createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE') {
      throw new TagmillError('unavailable', `up: port ${port} cannot be had (${code}). Choose another with --port.`, {
        cause,
      });
    }
    const owner = await describeOwner(port);
    throw new TagmillError('conflict', `up: port ${port} is in use${owner}. Choose another with --port.`, { cause });
  }
  server.close();
  await once(server, 'close');
}

/** In brackets; empty if it can't be seen. */
async function describeOwner(port: number): Promise<string> {
  const stacks = (await localStacks()).filter(({ isRunning }) => isRunning);
  const own = stacks.find((stack) =>
    [stack.api, stack.s3, stack.dynamodb].some((url) => new URL(url).port === `${port}`),
  );
  if (own) return ` (pid ${own.pid}, the local stack on port ${own.port}: tagmill down --local ${own.port} stops it)`;
  const pid = await findListener(port).catch(() => undefined);
  return pid === undefined ? '' : ` (pid ${pid})`;
}

/** State of a socket that listens: https://docs.kernel.org/networking/proc_net_tcp.html */
const LISTENING = '0A';

/** The process that listens on a port, as Linux tells those of the same user. */
async function findListener(port: number): Promise<number | undefined> {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => fs.readFile(`/proc/net/${name}`, 'utf8')));
  const rows = tables.flatMap((table) => table.split('\n').map((line) => line.trim().split(/\s+/)));
  const row = rows.find(([, local, , state]) => local?.endsWith(`:${hexPort}`) && state === LISTENING);
  const socket = row && `socket:[${row[9]}]`;
  for (const pid of await fs.readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    for (const descriptor of await fs.readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const target = await fs.readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => undefined);
      if (socket !== undefined && target === socket) return Number(pid);
    }
  }
  return undefined;
}
