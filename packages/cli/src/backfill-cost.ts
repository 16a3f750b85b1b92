import { bill, imageUsage, loadPrices } from '@tagmill/costs';
import type { CallApi } from '@tagmill/pipeline';

/** As infra/options.ts has them by default; docs/decisions/08-table.md has what an image writes and keeps. */
const WORK = {
  memoryMb: 1769,
  architecture: 'x86_64',
  imagesPerBatch: 10,
  origin: 'backfill',
  writeUnits: 4,
  storedBytes: 1900,
} as const;

/**
 * What it costs to tag so many images, in a line: from above, since each is taken to have a function to itself for as long as
 * nine in ten images of this stack took.
 */
export async function describeBackfillCost(callApi: CallApi, images: number): Promise<string> {
  const answer = await callApi('stats');
  const { latencyMs } = answer.ok ? ((await answer.json()) as { latencyMs?: { p90: number } }) : {};
  if (!latencyMs)
    return `This stack has tagged nothing yet: tagmill simulate --images ${images} estimates what it costs`;
  const prices = loadPrices();
  const { total } = bill(imageUsage({ ...WORK, stagesMs: { overhead: latencyMs.p90 } }), prices, images);
  const dollars = total < 0.01 ? 'less than a cent' : `${total.toFixed(2)} US dollars`;
  return `To tag ${images} images costs at most some ${dollars}, a month in the table included: as if each took ${latencyMs.p90} ms of a function of its own, of ${WORK.memoryMb} MB`;
}
