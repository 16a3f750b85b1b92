import { createHash } from 'node:crypto';
import { TagmillError } from '@tagmill/core';
import type { ChosenTagging, ImageTagger } from '@tagmill/policy';
import { NO_RULES, nameLabels, type Rules } from '@tagmill/rules';
import type { ObjectName } from '@tagmill/tag-store';
import { type NamedTags, scoresToTags } from '@tagmill/tagger';
import type { ImageEvent, ListedObject, ObjectStore, RulesInForce, StoredObject } from '../src/index.ts';

export const BUCKET = 'photos';

/** The variant that tags texts, and the space that it embeds them into. */
export const FAKE_VARIANT = 'test/1-64';
export const FAKE_SPACE = 'test-2-abc';

/** All that a text's embedding says. */
export function showsCollie(text: string): boolean {
  return text.includes('collie');
}

interface Stored {
  text: string;
  lastModified: Date;
  metadata: Record<string, string>;
  versionId?: string;
}

/** A bucket in memory that tells, like S3, what happened to it, in the order of its sequencers. */
export class FakeBucket implements ObjectStore {
  readonly #objects = new Map<string, Stored>();
  readonly #versioned: boolean;
  readonly #changesASecond: number;
  #clock = 0;
  /** Keys whose body was read, in order. */
  readonly reads: string[] = [];
  /** Called before an object is opened, and may throw. */
  beforeOpen: (name: ObjectName) => Promise<void> | void = () => {};

  /** @param options.changesASecond S3's times are whole seconds: how many changes share one. */
  constructor({ versioned = false, changesASecond = 1 } = {}) {
    this.#versioned = versioned;
    this.#changesASecond = changesASecond;
  }

  put(key: string, text: string, metadata: Record<string, string> = {}): ImageEvent {
    const sequencer = this.#next();
    const versionId = this.#versioned ? { versionId: `v${sequencer}` } : {};
    this.#objects.set(key, {
      text,
      metadata,
      lastModified: new Date(Date.UTC(2026, 0, 1, 0, 0, Math.floor(this.#clock / this.#changesASecond))),
      ...versionId,
    });
    return { bucket: BUCKET, key, sequencer, ...versionId };
  }

  remove(key: string): ImageEvent {
    this.#objects.delete(key);
    return { bucket: BUCKET, key, sequencer: this.#next() };
  }

  /** In the order of the keys. */
  async *list({ prefix, startAfter = '' }: { prefix: string; startAfter?: string }): AsyncGenerator<ListedObject> {
    for (const key of this.keys().sort()) {
      if (!key.startsWith(prefix) || key <= startAfter) continue;
      const { etag, lastModified, sizeBytes } = (await this.open({ bucket: BUCKET, key }))!;
      yield { bucket: BUCKET, key, etag, lastModified, sizeBytes };
    }
  }

  async exists({ key }: ObjectName): Promise<boolean> {
    return this.#objects.has(key);
  }

  keys(): string[] {
    return [...this.#objects.keys()];
  }

  async open(name: ObjectName): Promise<StoredObject | undefined> {
    await this.beforeOpen(name);
    const found = this.#objects.get(name.key);
    if (!found) return undefined;
    const { text, ...object } = found;
    const bytes = Buffer.from(text);
    return {
      ...object,
      etag: createHash('md5').update(bytes).digest('hex'),
      sizeBytes: bytes.length,
      read: async () => {
        this.reads.push(name.key);
        return bytes;
      },
      discard: () => {},
    };
  }

  #next(): string {
    return (++this.#clock).toString(16).toUpperCase().padStart(8, '0');
  }
}

/** Nobody makes any. */
export const noRules: RulesInForce = {
  current: { rules: NO_RULES, version: undefined },
  refresh: async () => noRules.current,
};

const OPTIONS = { topN: 20, minConfidence: 0, minBroaderConfidence: Number.POSITIVE_INFINITY };

/** What a text is called by rules. */
function named(text: string, rules: Rules): NamedTags {
  const found = text.split(',').flatMap((each) => {
    const [name, confidence, ...parents] = each.trim().split(' ');
    return name ? [{ confidence: Number(confidence), name, parents, synonyms: [] }] : [];
  });
  const { labels, thresholds } = nameLabels(
    found.map(({ confidence: _, ...label }, index) => ({ ...label, index })),
    rules,
  );
  const scores = Float32Array.from(found, ({ confidence }) => confidence);
  const { tags, broader } = scoresToTags(scores, labels, { ...OPTIONS, thresholds });
  return { outcome: tags.length > 0 ? 'tagged' : 'empty', tags, broader };
}

/**
 * Tags texts such as `collie 0.8 dog, pug 0.1`: a tag, its confidence, its parents. `corrupt` can't be tagged ever, `flaky`
 * not now, an empty text has no tags.
 */
export const fakeTagger: ImageTagger = {
  isCurrent: ({ variant }) => variant === FAKE_VARIANT,
  plan: () => 4,
  stored: () => {},
  lastStoreMs: () => 1,
  rename: async ({ bytes }, rules) => named(Buffer.from(bytes).toString(), rules),
  async tag(bytes, { rules = NO_RULES }): Promise<ChosenTagging> {
    const text = Buffer.from(bytes).toString();
    if (text === 'corrupt') throw new TagmillError('corrupt', 'Not an image');
    if (text === 'flaky') throw new TagmillError('inference-failed', 'Cannot be run', { retryable: true });
    return {
      image: {
        sha256: createHash('sha256').update(bytes).digest('hex'),
        bytes: bytes.length,
        width: 64,
        height: 48,
        format: 'jpeg',
      },
      ...named(text, rules),
      // The text itself is what naming it anew needs.
      scores: {
        labelSet: 'test',
        variant: FAKE_VARIANT,
        bytes: Uint8Array.from(bytes),
        ...OPTIONS,
        minBroaderConfidence: 1,
      },
      fingerprint: { hash: '00112233445566ff', sharpness: text.length, space: FAKE_SPACE, embedding: embed(text) },
      model: {
        variant: FAKE_VARIANT,
        sha256: 'a'.repeat(64),
        family: 'test',
        alpha: 1,
        resolution: 64,
        precision: 'float32',
      },
      choice: { predictedMs: 6, reason: 'most-accurate', extrapolated: false },
      timings: { decodeMs: 2, inferMs: 3, totalMs: 5 },
    };
  },
};

function embed(text: string): string {
  return Buffer.from(Int8Array.of(showsCollie(text) ? 127 : -127, 0).buffer).toString('base64');
}
