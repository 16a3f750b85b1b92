import { CUSTOM_METRICS, dollarsFor, type Prices } from '@tagmill/costs';
import { costChart } from './charts.ts';
import type { ReportContent } from './content.ts';
import { RECEIPT_IMAGES, type Receipt, SIZES } from './cost-receipt.ts';
import { count, dollars } from './format.ts';
import { html, type Markup } from './markup.ts';
import { chart } from './picture.ts';
import { table } from './table.ts';

/** What such images cost, stage by stage, beside Rekognition's price. */
export async function costSection(
  { prices, variantCosts, processor }: Pick<ReportContent, 'prices' | 'variantCosts' | 'processor'>,
  receipt: Receipt,
): Promise<Markup> {
  const images = count(RECEIPT_IMAGES);
  const rows = receipt.lines
    .filter(({ quantity }) => quantity > 0)
    .map(({ stage, what, quantity, dollars: amount }) => [stage, what, units(quantity), dollars(amount)]);
  const monthly = dollarsFor(prices.prices['cloudwatch-metric-months'], CUSTOM_METRICS);
  return html`<section><h2>What it costs</h2>
<p>${images} such images on AWS, at most: ${dollars(receipt.total)}. Rekognition's DetectLabels takes ${dollars(receipt.rekognition)}
for as many, of its first million in a month; it knows more labels, and its answers would still have to be kept somewhere.</p>
${chart(`US dollars per ${images} images: ${dollars(receipt.total)} here, ${dollars(receipt.rekognition)} by Rekognition`, await costChart(receipt))}
${table({
  caption: `Receipt for ${images} images, a function of ${count(receipt.memoryMb)} MB, x86_64`,
  head: ['stage', 'what', 'units', 'US dollars'],
  rows,
  numbers: [2, 3],
  foot: ['in total', '', '', dollars(receipt.total)],
})}
<p class="note">From the time that each image took where it ran, as if it had a function to itself: images of a batch share one, so
it will be less. Batches of ${receipt.imagesPerBatch}; images that are new; a month of keeping. Not counted: the photos' own storage and upload,
questions to the table, cold starts, and ${dollars(monthly)} a month for ${CUSTOM_METRICS} metrics.</p>
${table({
  caption: 'US dollars per million images, by variant and size of the function',
  head: ['variant', ...SIZES.map(({ architecture, memoryMb }) => `${architecture} ${count(memoryMb)} MB`)],
  rows: variantCosts.map((each) => [each.variant, ...each.dollars.map(dollars)]),
})}
<p class="note">Here decoding and inference are the latency profile's (${processor}, a JPEG of 2,048 x 1,536 pixels), on arm64 as well, where
they were not measured; fetching and storing are the means above; four images in flight.</p>
${priceTable(prices)}
</section>`;
}

function priceTable({ prices, region, readAt }: Prices): Markup {
  const rows = Object.values(prices).map(({ what, per, tiers, source, unconfirmed }) => [
    what,
    `${dollarsExactly(tiers[0]!.dollars)} per ${count(per)}`,
    html`<a href="${source}">${new URL(source).pathname.split('/').find(Boolean)}</a>${unconfirmed && `; not confirmed: ${unconfirmed}`}`,
  ]);
  return table({
    caption: `Prices of ${region}, first tiers, as of ${readAt}, without any free tier`,
    head: ['what', 'US dollars', 'source'],
    rows,
    numbers: [1],
  });
}

function dollarsExactly(value: number): string {
  return `$${value.toLocaleString('en', { maximumFractionDigits: 10 })}`;
}

function units(quantity: number): string {
  return Number(quantity.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 6 });
}
