import { createHash } from 'node:crypto';
import { makePhotos } from '../helpers/photos.ts';
import { seededRandom } from '../helpers/random.ts';

/** A put, or a removal if there is no body. */
export interface Change {
  key: string;
  body?: Buffer;
}

export interface Plan {
  /** In this order, a key's at least. */
  changes: Change[];
  /** Digests of the bodies that are no whole image. */
  corrupt: ReadonlySet<string>;
}

const PHOTOS = 60;
const CORRUPT_SHARE = 0.03;
const REMOVAL_SHARE = 0.15;

/** So many changes of half as many keys: most are put once or twice, and some are removed, or put again. */
export async function makePlan(events: number, seed: number): Promise<Plan> {
  const random = seededRandom(seed);
  const photos = await makePhotos(PHOTOS, seed);
  const broken = photos.map((photo) => photo.subarray(0, photo.length / 2));
  const present = new Set<string>();
  const changes = Array.from({ length: events }, () => {
    const key = `soak/${Math.floor((random() * events) / 2)} ü+.jpg`;
    if (present.has(key) && random() < REMOVAL_SHARE) {
      present.delete(key);
      return { key };
    }
    present.add(key);
    const bodies = random() < CORRUPT_SHARE ? broken : photos;
    return { key, body: bodies[Math.floor(random() * PHOTOS)]! };
  });
  return { changes, corrupt: new Set(broken.map((body) => createHash('sha256').update(body).digest('hex'))) };
}
