/**
 * The pipeline under faults for long, then bucket against table:
 *
 *   npm run soak -- [--events 20000] [--seed 1] [--restarts 3] [--drain-minutes 30] [--slowness 1]
 *
 * It prints what happened as JSON, and ends with 1 if anything is wrong.
 */
import { parseArgs } from 'node:util';
import { runSoak } from './run-soak.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    restarts: { type: 'string', default: '3' },
    'drain-minutes': { type: 'string', default: '30' },
    slowness: { type: 'string', default: '1' },
  },
});
const texts = [values.events, values.seed, values.restarts, values['drain-minutes'], values.slowness];
const [events, seed, restarts, minutes, slowness] = texts.map((text) => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  process.stderr.write(`${text} is not a whole number from 0\n`);
  process.exit(2);
}) as [number, number, number, number, number];

const report = await runSoak({
  events,
  seed,
  restarts,
  maxDrainMs: minutes * 60_000,
  slowness,
  log: (line) => process.stderr.write(`${line}\n`),
});
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
if (report.problems.length > 0 || report.messagesLeft > 0 || report.deadLetters > 0) process.exitCode = 1;
