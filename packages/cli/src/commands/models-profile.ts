import { LatencyModel, type LatencyProfile, quantile, saveProfile } from '@tagmill/policy';
import Table from 'cli-table3';
import { quantile as sampleQuantile } from 'simple-statistics';
import { type CatalogueOptions, openCatalogue, USER_MODELS } from '../models/catalogues.ts';
import { costModelErrors, coverage } from '../profile/check.ts';
import { buildProfile, makePhotos, measureImages, type Sample } from '../profile/measure.ts';

export interface ProfileOptions extends CatalogueOptions {
  family: string;
  images: number;
  into?: string;
  json?: boolean;
}

/** `tagmill models profile`: measures the family's variants on this machine, and keeps what was measured for the policy. */
export async function profileModels(options: ProfileOptions): Promise<void> {
  const catalogue = await openCatalogue(options);
  const onProgress = (line: string) => process.stderr.write(`${line} …\n`);
  onProgress('making photos');
  const measure = {
    catalogue,
    photos: await makePhotos(),
    variants: catalogue.family(options.family),
    imagesPerPhoto: options.images,
    onProgress,
  };
  const samples = await measureImages(measure);
  const profile = await buildProfile(samples, measure);
  onProgress('once more, to compare with what is predicted');
  const fresh = await measureImages({
    ...measure,
    imagesPerPhoto: Math.ceil(options.images / 4),
    onProgress: () => {},
  });
  const check = {
    coverage: coverage(new LatencyModel({ profile, measuredHere: true }), fresh),
    images: fresh.length,
    costModel: costModelErrors(profile),
  };
  const file = await saveProfile(options.into ?? options.models ?? USER_MODELS, profile);
  if (options.json) process.stdout.write(`${JSON.stringify({ file, profile, check }, null, 2)}\n`);
  else process.stdout.write(`${formatTable(profile, samples)}\n${summary(file, check)}\n`);
}

function formatTable(profile: LatencyProfile, samples: readonly Sample[]): string {
  const { cores } = profile.machine;
  const table = new Table({
    head: ['variant', 'p50', 'p95', 'p99', '4 in flight: p95', 'batch of 8', `on ${cores} threads`, 'load'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', ...Array<'right'>(7).fill('right')],
  });
  for (const { variant, ms } of profile.inferences.filter(({ inFlight }) => inFlight === 1)) {
    const own = samples.filter((each) => each.variant.variant === variant && each.inFlight === 1);
    const crowded = profile.inferences.find((each) => each.variant === variant && each.inFlight === 4)!;
    const batch = (size: number, threads: number) =>
      profile.batches.find((each) => each.variant === variant && each.batch === size && each.threads === threads)!.ms /
      size;
    table.push([
      variant,
      quantile(ms, 0.5).toFixed(2),
      quantile(ms, 0.95).toFixed(2),
      sampleQuantile(
        own.map(({ inferMs }) => inferMs),
        0.99,
      ).toFixed(2),
      quantile(crowded.ms, 0.95).toFixed(2),
      batch(8, 1).toFixed(2),
      batch(1, cores).toFixed(2),
      profile.coldLoads.find((each) => each.variant === variant)!.ms.toFixed(1),
    ]);
  }
  return `Inference of an image, milliseconds\n${table.toString()}`;
}

function summary(
  file: string,
  { coverage, images, costModel }: { coverage: number; images: number; costModel: CostModel },
) {
  const percent = (share: number) => `${(share * 100).toFixed(1)}%`;
  return [
    `${percent(coverage)} of ${images} further images took no longer than the 95th percentile predicted for them.`,
    `Scaled by mult-adds from the others, a variant's median is off by ${percent(costModel.mean)} on average, ${percent(costModel.worst)} at worst.`,
    `Written to ${file}`,
  ].join('\n');
}

type CostModel = ReturnType<typeof costModelErrors>;
