import fs from 'node:fs/promises';
import type { SimulationResult } from '@tagmill/fleet-simulator';

const UNITS = [
  ['days', 86_400_000],
  ['hours', 3_600_000],
  ['minutes', 60_000],
  ['seconds', 1000],
] as const;

/** Draws a run over its time: what waits, what is done, batches at once, variants. Writes FILE.svg and FILE.png. */
export async function plotSimulation(
  file: string,
  name: string,
  { moments, drainedMs }: SimulationResult,
): Promise<void> {
  // Loaded here: drawing takes longer to load than all the rest of the command.
  const { renderChart } = await import('@tagmill/charts');
  const [unit, unitMs] = UNITS.find(([, length]) => drainedMs >= 3 * length) ?? UNITS.at(-1)!;
  const values = moments.map(({ atMs, ...moment }, index) => {
    const seconds = Math.max(1, atMs - (moments[index - 1]?.atMs ?? 0)) / 1000;
    return { ...moment, time: atMs / unitMs, rate: moment.stored / seconds };
  });
  const mix = values.flatMap(({ time, variants }) =>
    Object.entries(variants).map(([variant, images]) => ({ time, variant, images })),
  );
  const x = { field: 'time', type: 'quantitative', title: unit } as const;
  const panel = (field: string, title: string) =>
    ({
      width: 640,
      height: 100,
      mark: { type: 'area', interpolate: 'step-before', line: true, opacity: 0.4 },
      encoding: { x, y: { field, type: 'quantitative', title } },
    }) as const;
  const { svg, png } = await renderChart({
    title: `Simulated: ${name}`,
    data: { values },
    vconcat: [
      panel('waiting', 'images waiting'),
      panel('rate', 'images a second'),
      panel('concurrency', 'batches at once'),
      {
        width: 640,
        height: 80,
        data: { values: mix },
        mark: { type: 'area', interpolate: 'step-before' },
        encoding: {
          x,
          y: { field: 'images', type: 'quantitative', stack: 'normalize', title: 'variants', axis: { format: '.0%' } },
          color: { field: 'variant', type: 'nominal', title: null, legend: { orient: 'bottom' } },
        },
      },
    ],
  });
  await fs.writeFile(`${file}.svg`, svg);
  await fs.writeFile(`${file}.png`, png);
}
