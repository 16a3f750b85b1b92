/**
 * Both multipliers of the paper, width (alpha) and resolution (rho times 224): the time of each network of the grid against its
 * mult-adds, on one thread, with random weights that keep the activations finite. Draws docs/experiments/alpha-and-rho.
 *
 *   npm run bench -- alpha-and-rho [--iterations N]
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { renderChart } from '@tagmill/charts';
import { architecture, networkCost } from '@tagmill/mobilenet';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { linearRegression, linearRegressionLine, rSquared } from 'simple-statistics';
import { ROOT } from '../helpers/command.ts';
import { seededRandom } from '../helpers/random.ts';
import { randomModel } from '../helpers/random-model.ts';
import { conclude, machine, print, timeInterleaved } from './harness.ts';

const ALPHAS = [0.25, 0.5, 0.75, 1];
const RESOLUTIONS = [64, 96, 128, 160, 192, 224];
const DRAWING = path.join(ROOT, 'docs/experiments/alpha-and-rho');

const { values } = parseArgs({ options: { iterations: { type: 'string', default: '50' } } });
const rounds = { warmUp: 5, iterations: Number(values.iterations) };

const random = seededRandom(1);
const grid = await Promise.all(
  ALPHAS.flatMap((alpha) =>
    RESOLUTIONS.map(async (resolution) => {
      const layers = architecture({ network: 'mobilenet-v1', alpha, resolution, classes: 1000 });
      const session = await InferenceSession.create(randomModel(layers), {
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        graphOptimizationLevel: 'all',
      });
      const pixels = Uint8Array.from({ length: resolution ** 2 * 3 }, () => Math.floor(random() * 256));
      const images = new Tensor('uint8', pixels, [1, resolution, resolution, 3]);
      const { multAdds } = networkCost(layers);
      return { name: `${alpha}-${resolution}`, alpha, resolution, multAdds, run: () => session.run({ images }) };
    }),
  ),
);

const timings = await timeInterleaved(Object.fromEntries(grid.map(({ name, run }) => [name, run])), rounds);
const points = grid.map(({ run: _, ...network }) => ({
  ...network,
  millions: network.multAdds / 1e6,
  ms: timings[network.name]!.p50,
}));

/** Time as a straight line of mult-adds. */
function fitOf(some: readonly (typeof points)[number][]) {
  const pairs = some.map(({ millions, ms }) => [millions, ms]);
  const { m, b } = linearRegression(pairs);
  return { msPerMillion: m, interceptMs: b, rSquared: rSquared(pairs, linearRegressionLine({ m, b })) };
}

/** How much faster the time grows than in proportion: 2 where twice the multiplier takes four times as long. */
function exponentOf(some: readonly (typeof points)[number][], multiplier: 'alpha' | 'resolution'): number {
  return linearRegression(some.map((point) => [Math.log(point[multiplier]), Math.log(point.ms)])).m;
}

const whole = fitOf(points);
print(JSON.stringify(machine()));
print(`one thread, warm-up ${rounds.warmUp}, iterations ${rounds.iterations}, milliseconds`);
print('| alpha | resolution | mult-adds, M | p50 | p95 | p99 | of the straight line |');
print('| --- | --- | --- | --- | --- | --- | --- |');
for (const { name, alpha, resolution, millions, ms } of points) {
  const { p95, p99 } = timings[name]!;
  const fitted = whole.interceptMs + whole.msPerMillion * millions;
  const cells = [alpha, resolution, millions.toFixed(1), ...[ms, p95, p99].map((each) => each.toFixed(2))];
  print(`| ${[...cells, `${(ms / fitted).toFixed(2)} times`].join(' | ')} |`);
}
const byAlpha = Object.fromEntries(
  ALPHAS.map((alpha) => [alpha, fitOf(points.filter((each) => each.alpha === alpha))]),
);
const exponents = {
  alpha: exponentOf(
    points.filter(({ resolution }) => resolution === 224),
    'alpha',
  ),
  rho: exponentOf(
    points.filter(({ alpha }) => alpha === 1),
    'resolution',
  ),
};
const line = ({ msPerMillion, interceptMs, rSquared }: ReturnType<typeof fitOf>) =>
  `${interceptMs.toFixed(2)} ms + ${msPerMillion.toFixed(4)} ms a million mult-adds, R² ${rSquared.toFixed(4)}`;
print(`\nall: ${line(whole)}`);
for (const alpha of ALPHAS) print(`alpha ${alpha}: ${line(byAlpha[alpha]!)}`);
print(
  `At 224 px the time grows with alpha to the power of ${exponents.alpha.toFixed(2)}: the mult-adds with nearly 2.`,
);
print(`At alpha 1 it grows with rho to the power of ${exponents.rho.toFixed(2)}: the mult-adds with nearly 2.`);

const x = { field: 'millions', type: 'quantitative', title: 'mult-adds, millions' } as const;
const ends = [0, Math.max(...points.map(({ millions }) => millions))];
const { svg, png } = await renderChart({
  title: 'Time of an inference against its mult-adds: one thread, float32',
  width: 640,
  height: 360,
  layer: [
    {
      data: { values: ends.map((millions) => ({ millions, ms: whole.interceptMs + whole.msPerMillion * millions })) },
      mark: { type: 'line', color: '#888', strokeDash: [4, 4] },
      encoding: { x, y: { field: 'ms', type: 'quantitative', title: 'ms, p50' } },
    },
    {
      data: { values: points },
      mark: { type: 'point', filled: true, size: 60 },
      encoding: {
        x,
        y: { field: 'ms', type: 'quantitative' },
        color: { field: 'alpha', type: 'ordinal', title: 'alpha' },
        shape: { field: 'resolution', type: 'nominal', title: 'resolution' },
      },
    },
  ],
});
fs.writeFileSync(`${DRAWING}.svg`, svg);
fs.writeFileSync(`${DRAWING}.png`, png);

conclude('alpha-and-rho', { rounds, points, timings, whole, byAlpha, exponents }, [
  { what: 'R² of time as a straight line of mult-adds', value: whole.rSquared, atLeast: 0.95 },
]);
