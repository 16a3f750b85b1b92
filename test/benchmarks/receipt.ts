/**
 * The receipt: US dollars per million images on Lambda by variant and memory size, and the cheapest size, beside Rekognition. It needs no
 * idle machine: decoding and inference are the shipped latency profile's, scaled by the vCPUs that a memory size has; an image's writes
 * and storage are counted, on photos of Tiny ImageNet. Figures that only AWS can show are assumed, and printed as such. `tagmill report`
 * makes the same of a real stack's times.
 *
 *   npm run bench -- receipt [--images N]
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { MinConfidence, Variant } from '@tagmill/core';
import { bill, billedMs, dollarsFor, imageUsage, loadPrices, vcpus } from '@tagmill/costs';
import { readPackedImages } from '@tagmill/evaluation';
import { loadProfiles, type Source } from '@tagmill/policy';
import { makePostings, packContent, TagStore } from '@tagmill/tag-store';
import { makeTaggedRecord, Tagger, type Tagging } from '@tagmill/tagger';
import { loadSpace } from '@tagmill/teach';
import { loadCatalogue } from '@tagmill/variants';
import { mean } from 'simple-statistics';
import { startDynamo } from '../../packages/tag-store/test/temporary-table.ts';
import { ROOT } from '../helpers/command.ts';
import { writeUnitsOf } from '../helpers/write-units.ts';
import { type Bound, conclude, print } from './harness.ts';
import { shippedModel } from './shipped-model.ts';

const { values } = parseArgs({ options: { images: { type: 'string', default: '200' } } });
const DATA = path.join(ROOT, '../shared/data/tiny-imagenet');
const MILLION = 1e6;
const PHOTOS: Record<string, Source> = {
  '500 x 375': { format: 'jpeg', progressive: false, width: 500, height: 375 },
  '2048 x 1536': { format: 'jpeg', progressive: false, width: 2048, height: 1536 },
  '4000 x 3000': { format: 'jpeg', progressive: false, width: 4000, height: 3000 },
};
/** The stack gives 1,536 at least, so that the costliest image that is let in can be decoded. */
const MEMORY_MB = [512, 1024, 1536, 1769, 3538];
/** An image's waiting for S3 and DynamoDB, in milliseconds: assumed, nothing here can measure it. */
const WAIT_MS = 40;
/** As the stack has them by default. */
const BATCH = { imagesPerBatch: 10, inFlight: 4 };
const DEFAULTS = { variant: 'everyday/0.5-128', photo: '2048 x 1536', memoryMb: 1769 };
/** A posting or an index entry: docs/decisions/08-table.md. */
const ENTRY_BYTES = 320;
const BESIDE_CONTENT_BYTES = 420;
/** An embedding in the image's item, and again in its index entry. */
const PLACE_BYTES = 136;

interface Stored {
  writeUnits: number;
  storedBytes: number;
  /** Of these, what an image is found by: a tag, a broader tag or a parent each. */
  postings: number;
}

if (!fs.existsSync(DATA)) {
  print(`Skipped: ${DATA} is not there`);
  process.exit();
}
const catalogue = await loadCatalogue({ directories: [path.join(ROOT, 'models')] });
const family = catalogue.family('everyday').filter(({ precision }) => precision === 'float32');
const space = await loadSpace('everyday', path.join(ROOT, 'models/embeddings/everyday.safetensors'));
const [profile] = await loadProfiles([path.join(ROOT, 'models')]);
const model = await shippedModel();
const prices = loadPrices();
const images = (await readPackedImages(DATA, 'validation')).slice(0, Number(values.images));

/** What an image of the table's makes it write and keep, on average, once its labels have been seen before. */
async function storedBy(variant: Variant, minConfidence: MinConfidence): Promise<Stored> {
  const dynamo = await startDynamo();
  const tableName = await dynamo.createTable();
  const store = new TagStore({ client: dynamo.client, tableName });
  const tagger = new Tagger({
    onnx: (each) => catalogue.onnx(each),
    labels: (each) => catalogue.labels(each),
    thresholds: (each) => catalogue.thresholds(each),
    minConfidence,
    fingerprints: { embedder: space },
  });
  const at = new Date();
  let [bytes, postings] = [0, 0];
  const tagAll = async (folder: string) => {
    for (const [index, { bytes: file }] of images.entries()) {
      const name = { bucket: 'photos', key: `${folder}/2026/11/IMG_${index}.jpg`, etag: '0'.repeat(32) };
      const tagging = await tagger.tag(file, variant);
      const record = makeTaggedRecord(name, tagging, at);
      const { scores, fingerprint } = tagging as Required<Tagging>;
      await store.write(await store.read(name), { record, scores, fingerprint, lastModified: at, at });
      const live = makePostings(record);
      postings += live.length;
      const { embedding: _, ...kept } = fingerprint;
      const content = packContent({ record, scores, fingerprint: kept, live, lastModified: at.toISOString() });
      bytes += BESIDE_CONTENT_BYTES + content.length + ENTRY_BYTES * (live.length + 1) + 2 * PLACE_BYTES;
    }
  };
  await tagAll('before');
  [bytes, postings] = [0, 0];
  const units = await writeUnitsOf(dynamo.client, () => tagAll('counted'));
  await Promise.all([tagger.close(), dynamo.close()]);
  const of = (sum: number) => sum / images.length;
  return { writeUnits: of(units), storedBytes: of(bytes), postings: of(postings) };
}

function receiptOf(variant: Variant, photo: string, memoryMb: number, stored: Stored) {
  const cpuMs = mean([...model.predict(variant, PHOTOS[photo]!, 1).ms]);
  const overhead = billedMs({ cpuMs, waitMs: WAIT_MS, vcpus: vcpus({ memoryMb }), inFlight: BATCH.inFlight });
  const work = { ...BATCH, ...stored, memoryMb, architecture: 'x86_64', origin: 'notification' } as const;
  return { ...bill(imageUsage({ ...work, stagesMs: { overhead } }), prices, MILLION), milliseconds: overhead };
}

const money = (value: number) => `$${value.toFixed(2)}`;
const rekognition = dollarsFor(prices.prices['rekognition-images'], MILLION);
const usual = catalogue.find(DEFAULTS.variant);
const stored = await storedBy(usual, 'default');

print(
  `Prices of ${prices.region}, ${prices.readAt}; times of ${profile!.machine.processor}, measured ${profile!.measuredAt}`,
);
print(
  `Counted on ${images.length} photos of Tiny ImageNet: ${stored.writeUnits.toFixed(2)} write units an image, ${stored.postings.toFixed(2)} of them postings, ${stored.storedBytes.toFixed(0)} bytes`,
);
print(`Assumed: ${WAIT_MS} ms an image of waiting for S3 and DynamoDB, x86_64, batches of ${BATCH.imagesPerBatch}\n`);
print(`US dollars per million images, all in; in brackets milliseconds of the function an image`);
print(`| variant | photo | ${MEMORY_MB.map((mb) => `${mb} MB`).join(' | ')} | cheapest |`);
print(`| --- | --- | ${MEMORY_MB.map(() => '---').join(' | ')} | --- |`);
const rows = family.flatMap((variant) =>
  Object.keys(PHOTOS).map((photo) => {
    const sizes = MEMORY_MB.map((memoryMb) => ({ memoryMb, ...receiptOf(variant, photo, memoryMb, stored) }));
    // Rounded to cents; among equals the largest, which is the fastest.
    const cents = ({ total }: { total: number }) => Math.round(total * 100);
    const cheapest = sizes.reduce((a, b) => (cents(b) <= cents(a) ? b : a)).memoryMb;
    const cells = sizes.map(({ total, milliseconds }) => `${money(total)} (${milliseconds.toFixed(1)})`);
    print(`| ${[variant.variant, photo, ...cells, `${cheapest} MB`].join(' | ')} |`);
    return { variant: variant.variant, photo, cheapest, sizes: sizes.map(({ lines: _, ...size }) => size) };
  }),
);
print(`Rekognition's DetectLabels: ${money(rekognition)}`);

print(`\n${DEFAULTS.variant}, a photo of ${DEFAULTS.photo}, ${DEFAULTS.memoryMb} MB, by stage`);
const { total, byStage, lines } = receiptOf(usual, DEFAULTS.photo, DEFAULTS.memoryMb, stored);
for (const { stage, what, dollars } of lines.filter((line) => line.dollars >= 0.005)) {
  print(`  ${stage.padEnd(9)} ${what.padEnd(52)} ${money(dollars).padStart(6)}`);
}
print(`  ${money(total)} in all`);

print('\nThe same by how sure tags have to be:');
const stricter = [];
for (const least of ['default', 0.1, 0.3, ...(usual.thresholds === undefined ? [] : (['sure'] as const))] as const) {
  const kept = least === 'default' ? stored : await storedBy(usual, least);
  const receipt = receiptOf(usual, DEFAULTS.photo, DEFAULTS.memoryMb, kept);
  print(
    `  from ${least}: ${kept.writeUnits.toFixed(2)} write units, ${kept.postings.toFixed(2)} postings, ${money(receipt.total)}`,
  );
  stricter.push({ least, ...kept, total: receipt.total });
}

const bounds: Bound[] = [
  { what: 'US dollars per million images, the default function', value: total, atMost: 5 },
  { what: 'write units an image', value: stored.writeUnits, atMost: 4 },
  { what: "Rekognition's price over that", value: rekognition / total, atLeast: 200 },
];
conclude('receipt', { prices: prices.readAt, profile: profile!.machine, stored, rows, byStage, stricter }, bounds);
