import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../helpers/command.ts';

const PINNED = ['package.json', 'package-lock.json'];

/**
 * Installs the rivals from npm's registry, at the versions that are pinned here, unless they are there already. No install
 * script is run: some download more.
 *
 * @returns the folder that `require` finds them from.
 */
export function installRivals(): string {
  const folder = path.join(ROOT, 'build/benchmarks/rivals');
  const read = (directory: string) => PINNED.map((name) => fs.readFileSync(path.join(directory, name), 'utf8')).join();
  const isThere = fs.existsSync(path.join(folder, 'installed'));
  if (isThere && read(folder) === read(import.meta.dirname)) return folder;
  process.stderr.write(`Installing what is compared with into ${path.relative(process.cwd(), folder)}: 540 MB …\n`);
  fs.mkdirSync(folder, { recursive: true });
  for (const name of PINNED) fs.copyFileSync(path.join(import.meta.dirname, name), path.join(folder, name));
  const { status, error } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error('npm could not install what is compared with', { cause: error });
  fs.writeFileSync(path.join(folder, 'installed'), '');
  return folder;
}
