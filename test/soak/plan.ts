import { createHash } from 'node:crypto';
import { makePhotos } from '../helpers/photos.ts';
import { seededRandom } from '../helpers/random.ts';

/** What is done to a key: `undo` takes its latest version away for good, or its delete marker, so that the one before shows again. */
export type Change = { key: string } & ({ put: Buffer } | { remove: true } | { undo: true });

export interface Plan {
  /** In this order, a key's at least. */
  changes: Change[];
  /** Digests of the bodies that are no whole image. */
  corrupt: ReadonlySet<string>;
}

const PHOTOS = 60;
const CORRUPT_SHARE = 0.03;
const REMOVAL_SHARE = 0.15;
const UNDO_SHARE = 0.1;

/** Keys that listings, queues or events have got wrong: letters of either case, an emoji, what is escaped in a URL. */
const KEYS: readonly ((n: number) => string)[] = [
  (n) => `soak/IMG_${n}.JPG`,
  (n) => `soak/img_${n}.jpg`,
  (n) => `soak/😀 ${n}.jpg`,
  (n) => `soak/${n} ü+.jpg`,
  (n) => `Soak/%2F&<${n}>.jpg`,
];

/** So many changes of half as many keys: most are put once or twice, and some are removed, undone, or put again. */
export async function makePlan(events: number, seed: number): Promise<Plan> {
  const random = seededRandom(seed);
  const photos = await makePhotos(PHOTOS, seed);
  const broken = photos.map((photo) => photo.subarray(0, photo.length / 2));
  const present = new Set<string>();
  const changes = Array.from({ length: events }, () => {
    const n = Math.floor((random() * events) / 2);
    const key = KEYS[n % KEYS.length]!(Math.floor(n / KEYS.length));
    const chance = random();
    if (present.has(key) && chance < REMOVAL_SHARE) {
      present.delete(key);
      return { key, remove: true as const };
    }
    if (present.has(key) && chance < REMOVAL_SHARE + UNDO_SHARE) return { key, undo: true as const };
    present.add(key);
    const bodies = random() < CORRUPT_SHARE ? broken : photos;
    return { key, put: bodies[Math.floor(random() * PHOTOS)]! };
  });
  return { changes, corrupt: new Set(broken.map((body) => createHash('sha256').update(body).digest('hex'))) };
}
