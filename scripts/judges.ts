/**
 * Runs the judges of test/judges that are installed, one after another, within a time budget, and says which it skips:
 *
 *   npm run judges [-- --budget-seconds 300]
 *
 * It prints the last line and the skipped parts of a satisfied judge, and everything of another one. Ends with 1 if one isn't satisfied.
 * A judge that the budget leaves no time for is skipped, too. Environment variables say where judges are: see each one's README.md.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { parseArgs } from 'node:util';

/** The shortest first. */
const JUDGES = ['clients', 'moto', 'cfn', 's3-tests'];
const JUDGES_FOLDER = path.join(import.meta.dirname, '../test/judges');

const { values } = parseArgs({ options: { 'budget-seconds': { type: 'string', default: '300' } } });
const budgetSeconds = Number(values['budget-seconds']);
if (!(budgetSeconds > 0)) {
  print(`--budget-seconds ${values['budget-seconds']} is no number above 0`);
  process.exit(2);
}
const end = performance.now() + budgetSeconds * 1000;
for (const name of JUDGES) {
  const { code, isStopped, lines } = await run(name, end - performance.now());
  if (isStopped) {
    print(`${name}: skipped: the ${budgetSeconds} s for all judges are over (--budget-seconds gives more)`);
    continue;
  }
  const told = code === 0 ? lines.filter((line, i) => i === lines.length - 1 || line.includes('skipped')) : lines;
  for (const line of told) print(`${name}: ${line}`);
  if (code !== 0) process.exitCode = 1;
}

/** Stops a judge, and all that it started, when its time is over. */
async function run(
  name: string,
  limitMs: number,
): Promise<{ code: number | null; isStopped: boolean; lines: string[] }> {
  if (limitMs <= 0) return { code: null, isStopped: true, lines: [] };
  const script = path.join(JUDGES_FOLDER, name, 'judge.ts');
  const judge = spawn(process.execPath, [script], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [judge.stdout, judge.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  let isStopped = false;
  const timer = setTimeout(() => {
    isStopped = true;
    process.kill(-judge.pid!, 'SIGKILL');
  }, limitMs);
  const [code] = await once(judge, 'close');
  clearTimeout(timer);
  return { code, isStopped, lines: said.split('\n').filter(Boolean) };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
