/**
 * How well copies of a picture are told from other pictures: photos, and copies that are made of some of them. The photos are those of
 * Tiny ImageNet, many of which show the same kinds of things, and the few full-size ones at hand. The rule was chosen on its validation
 * part (docs/decisions/28-near-duplicates.md), and is judged here on photos of its training part.
 *
 *   npm run bench -- duplicates [--images N] [--copied-every N] [--variant NAME]
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Fingerprint } from '@tagmill/core';
import { readPackedImages } from '@tagmill/evaluation';
import { findCopies, type Picture } from '@tagmill/look-alikes';
import { Tagger } from '@tagmill/tagger';
import { loadSpace } from '@tagmill/teach/space';
import { loadCatalogue } from '@tagmill/variants';
import sharp from 'sharp';
import { mean } from 'simple-statistics';
import { ROOT } from '../helpers/command.ts';
import { samplePhotos } from '../helpers/photos.ts';
import { seededRandom } from '../helpers/random.ts';
import { conclude, machine, print } from './harness.ts';
import { COPIES, type CopyKind, makeCopy, OTHERS } from './inputs/copies.ts';

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '5000' },
    'copied-every': { type: 'string', default: '12' },
    variant: { type: 'string', default: 'everyday/0.75-128' },
  },
});
const TINY = path.join(ROOT, '../shared/data/tiny-imagenet');
const PHOTOS = path.join(ROOT, '../shared/data/photos');
const GOAL = { precision: 0.99, recall: 0.95 };
/** To see how the time grows. */
const MADE = [10_000, 20_000];

/** A photo, or one of its copies. */
interface Seen extends Picture {
  of: number;
  kind: CopyKind | 'original';
}

const catalogue = await loadCatalogue({ directories: [path.join(ROOT, 'models')] });
const variant = catalogue.find(values.variant);
const space = await loadSpace(variant.family, path.join(ROOT, `models/embeddings/${variant.family}.safetensors`));
const tagger = new Tagger({
  onnx: (each) => catalogue.onnx(each),
  labels: (each) => catalogue.labels(each),
  fingerprints: { embedder: space },
});
const full = await fullSizePhotos();
const small = await tinyPhotos();
const seen: Seen[] = [];
for (const [of, photo] of [...full, ...small].entries()) {
  const isCopied = of < full.length || (of - full.length) % Number(values['copied-every']) === 0;
  const kinds = isCopied ? (['original', ...COPIES, ...OTHERS] as const) : (['original'] as const);
  for (const kind of kinds)
    seen.push(await look(kind === 'original' ? photo : await makeCopy(kind, photo), { of, kind }));
}
await tagger.close();

const { processor, cores, node } = machine();
print(
  `${processor}, ${cores} cores, Node ${node}; ${variant.variant}${space?.holds(variant) ? '' : ', without embeddings'}`,
);
const counted = seen.filter(({ kind }) => !OTHERS.some((each) => each === kind));
const copied = new Set(counted.filter(({ kind }) => kind !== 'original').map(({ of }) => of));
print(
  `${full.length} full-size photos and ${small.length} of Tiny ImageNet; ${copied.size} of them with ${COPIES.length} copies each\n`,
);
const { precision, recall } = judge(counted);
print(`| copy | with its original in a group |`);
print('| --- | ---: |');
const byKind = Object.fromEntries([...COPIES, ...OTHERS].map((kind) => [kind, foundShare(kind)]));
for (const [kind, share] of Object.entries(byKind)) print(`| ${kind} | ${(100 * share).toFixed(1)}% |`);
const times = MADE.map((count) => ({ count, seconds: timeMade(count) }));
print(`\nComparing ${times.map(({ count, seconds }) => `${count} made images: ${seconds.toFixed(1)} s`).join('; ')}`);
conclude('duplicates', { variant: variant.variant, images: counted.length, byKind, times }, [
  { what: 'pairs within groups that show the same picture', value: precision, atLeast: GOAL.precision },
  { what: 'pairs of the same picture that are within a group', value: recall, atLeast: GOAL.recall },
]);

async function look(bytes: Uint8Array, about: Pick<Seen, 'of' | 'kind'>): Promise<Seen> {
  const { fingerprint, image } = await tagger.tag(bytes, variant);
  return { name: `${about.of} ${about.kind}`, fingerprint: fingerprint!, ...image, ...about };
}

/** Pairs of images in one group: those that show the same picture among them, and among all pairs that do. */
function judge(pictures: readonly Seen[]) {
  const count = { right: 0, wrong: 0 };
  for (const { keep, others } of findCopies(pictures)) {
    const members = [keep, ...others.map(({ picture }) => picture)];
    for (const [i, a] of members.entries()) {
      for (const b of members.slice(i + 1)) count[a.of === b.of ? 'right' : 'wrong']++;
    }
  }
  const all = [...Map.groupBy(pictures, ({ of }) => of).values()].reduce(
    (sum, { length: n }) => sum + (n * (n - 1)) / 2,
    0,
  );
  return { precision: count.right / (count.right + count.wrong), recall: count.right / all };
}

/** The share of the copies of a kind that are found where nothing but they and the originals is there. */
function foundShare(kind: CopyKind): number {
  const pictures = seen.filter((each) => each.kind === 'original' || each.kind === kind);
  const groups = findCopies(pictures).map(({ keep, others }) => [keep, ...others.map(({ picture }) => picture)]);
  const isFound = ({ of }: Seen) => groups.some((group) => group.filter((each) => each.of === of).length === 2);
  return mean(pictures.filter((each) => each.kind === kind).map((each) => Number(isFound(each))));
}

/** Seconds for images that have nothing in common. */
function timeMade(count: number): number {
  const random = seededRandom(3);
  const digits = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  const embedding = () =>
    Buffer.from(Int8Array.from({ length: 128 }, () => 40 * random() - 20).buffer).toString('base64');
  const made = Array.from({ length: count }, (_, i): Picture => {
    const fingerprint: Fingerprint = {
      hash: digits() + digits(),
      sharpness: 100,
      space: 'made',
      embedding: embedding(),
    };
    return { name: `${i}`, fingerprint };
  });
  const start = performance.now();
  findCopies(made);
  return (performance.now() - start) / 1000;
}

/** As JPEG: what cameras write. */
async function fullSizePhotos(): Promise<Buffer[]> {
  const samples = await samplePhotos();
  if (!fs.existsSync(PHOTOS)) {
    print(`Skipped: ${PHOTOS} is not there`);
    return samples;
  }
  const files = fs.readdirSync(PHOTOS).filter((name) => /\.(jpg|png)$/.test(name));
  const others = files.sort().map((name) =>
    sharp(fs.readFileSync(path.join(PHOTOS, name)))
      .jpeg({ quality: 90 })
      .toBuffer(),
  );
  return [...samples, ...(await Promise.all(others))];
}

/** Enlarged, so that a copy has something to lose. */
async function tinyPhotos(): Promise<Buffer[]> {
  if (!fs.existsSync(TINY)) {
    print(`Skipped: ${TINY} is not there`);
    return [];
  }
  const all = await readPackedImages(TINY, 'train');
  const count = Math.min(all.length, Number(values.images));
  const enlarged = [];
  for (let i = 0; i < count; i++) {
    const { bytes } = all[Math.floor((i * all.length) / count)]!;
    enlarged.push(
      await sharp(bytes).resize(320, 240, { fit: 'fill', kernel: 'cubic' }).jpeg({ quality: 90 }).toBuffer(),
    );
  }
  return enlarged;
}
