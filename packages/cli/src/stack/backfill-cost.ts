import { parseStackOptions } from '@tagmill/cdk/options';
import { bill, type ImageWork, imageUsage, loadPrices, TYPICAL_STORAGE } from '@tagmill/costs';
import type { CallApi } from '@tagmill/stack-client';

/** As a stack is by default. */
function typicalWork(): Omit<ImageWork, 'stagesMs'> {
  const { memoryMb, architecture, batchSize } = parseStackOptions({});
  return { memoryMb, architecture, imagesPerBatch: batchSize, origin: 'backfill', ...TYPICAL_STORAGE };
}

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
  const work = typicalWork();
  const { total } = bill(imageUsage({ ...work, stagesMs: { overhead: latencyMs.p90 } }), prices, images);
  const dollars = total < 0.01 ? 'less than a cent' : `${total.toFixed(2)} US dollars`;
  return `To tag ${images} images costs at most some ${dollars}, a month in the table included: as if each took ${latencyMs.p90} ms of a function of its own, of ${work.memoryMb} MB`;
}
