/**
 * Looks at mutated image files, and says what became of them. Input I of seed S is the same each time.
 *
 *   npm run fuzz -- [--inputs N] [--seed S] [--from I]
 */
import os from 'node:os';
import { parseArgs } from 'node:util';
import { runFuzz } from './run-fuzz.ts';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
  },
});
const [inputs, seed, from] = [values.inputs, values.seed, values.from].map(Number) as [number, number, number];

const start = performance.now();
const result = await runFuzz({ inputs, seed, from }, (done, { peakRssBytes, slowest, crashes, hangs }) => {
  if (done % 1000 !== 0) return;
  const memory = `${Math.round(peakRssBytes / 2 ** 20)} MiB at most`;
  process.stderr.write(
    `${done} inputs, ${Math.round((performance.now() - start) / 1000)} s, ${memory}, slowest ${Math.round(slowest.durationMs)} ms, ${crashes.length} crashes, ${hangs.length} hangs\n`,
  );
});
const machine = `${os.cpus()[0]?.model}, Node ${process.version}`;
process.stdout.write(`${JSON.stringify({ seed, from, inputs, machine, ...result }, undefined, 2)}\n`);
process.exitCode = result.crashes.length + result.hangs.length > 0 ? 1 : 0;
