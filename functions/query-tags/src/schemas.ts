import { CHOICE_REASONS } from '@tagmill/core';
import { isTagName, MAX_TAG_NAME, NO_TAG_NAME } from '@tagmill/rules';
import { MAX_ADDED, MAX_PAGE_SIZE, MAX_REMOVED, OUTCOMES } from '@tagmill/tag-store';
import * as z from 'zod';

/** What the API's documents look like: requests are read by these schemas, answers are described by them in /openapi.json. */

const text = z.string().min(1);
const share = z.number().min(0).max(1);
const milliseconds = z.number().min(0);
const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const flag = z.stringbool({ truthy: ['true'], falsy: ['false'] }).default(false);

function limit(most: number, usual: number) {
  return z.coerce.number().int().min(1).max(most).default(usual);
}

export const noQuery = z.strictObject({});

export const imageQuery = z.strictObject({
  bucket: text.describe("The image's bucket"),
  key: text.describe("The image's key, percent-encoded"),
});

export const imagesQuery = z
  .strictObject({
    q: text
      .max(2000)
      .optional()
      .describe('An expression such as sports car -dog summer 2009: docs/reference/query-language.md'),
    outcome: z.enum(OUTCOMES).optional().describe('Only images with this outcome'),
    limit: limit(MAX_PAGE_SIZE, 50).describe('Most images of a page'),
    cursor: text.optional().describe('The cursor of the page before, with the same q and outcome'),
    scan: flag.describe('true or false. Has no effect any more'),
    fingerprint: flag.describe('true or false: give the fingerprints of images as well'),
    explain: flag.describe('true or false: say how the page was found and what it cost'),
    like: z
      .string()
      .regex(/^[^/]+\/./s, 'is no BUCKET/KEY')
      .optional()
      .describe('Images that look like this one, BUCKET/KEY, the most alike first. Goes with limit and fingerprint'),
  })
  .refine(
    ({ like, q, outcome, cursor, explain }) =>
      like === undefined || !(q ?? outcome ?? cursor ?? (explain || undefined)),
    'like goes with limit and fingerprint only',
  );

export const tagsQuery = z.strictObject({
  prefix: text.optional().describe('Only tags whose name or synonym begins so. Case does not matter'),
  all: flag.describe('true or false: list tags without an image, too, after the others'),
  limit: limit(1000, 100).describe('Most tags of the answer'),
});

const tagName = text.max(MAX_TAG_NAME).refine(isTagName, NO_TAG_NAME);
const names = (most: number) => z.array(tagName).max(most).default([]);

export const correction = z
  .strictObject({
    add: names(MAX_ADDED).describe('Tags that are on it'),
    remove: names(MAX_REMOVED).describe('Tags that are not on it; with one goes what is below it'),
    forget: names(MAX_ADDED + MAX_REMOVED).describe('Tags of which nothing is said any more'),
  })
  .refine(({ add, remove, forget }) => add.length + remove.length + forget.length > 0, 'says nothing')
  .meta({ id: 'Correction' });

const broaderTag = z.strictObject({ name: text, confidence: share });

export const imageRecord = z
  .strictObject({
    schemaVersion: z.literal(1),
    image: z.strictObject({
      bucket: text,
      key: text,
      versionId: z.string().optional(),
      etag: z.string().optional(),
      sha256: sha256.optional(),
      bytes: count.optional(),
      width: count.optional().describe('Pixels, as displayed'),
      height: count.optional(),
      format: z.string().optional(),
      takenAt: z.string().optional().describe('ISO 8601; no zone if the camera wrote none'),
    }),
    outcome: z.enum(OUTCOMES),
    reason: z.string().optional(),
    message: z.string().optional(),
    tags: z
      .array(
        broaderTag.extend({
          parents: z.array(text),
          source: z.literal('taught').optional().describe('Where it comes from, if not from the labels'),
          by: z.literal('person').optional().describe('Who said so, if not the model'),
        }),
      )
      .describe('Highest confidence first'),
    broader: z.array(broaderTag),
    removed: z.array(text).optional().describe('Tags that a person took away'),
    model: z
      .strictObject({
        variant: text,
        family: text,
        alpha: z.number().positive(),
        resolution: z.int().positive(),
        precision: z.enum(['float32', 'int8']),
        sha256,
      })
      .optional(),
    timings: z
      .strictObject({
        queueMs: milliseconds.optional(),
        fetchMs: milliseconds.optional(),
        decodeMs: milliseconds,
        inferMs: milliseconds,
        storeMs: milliseconds
          .optional()
          .describe('Reading the table; and writing to it, as long as the one before this took'),
        totalMs: milliseconds,
      })
      .optional(),
    budget: z
      .strictObject({
        latencyMs: milliseconds,
        met: z.boolean(),
        predictedMs: milliseconds.optional(),
        reason: z.enum(CHOICE_REASONS).optional(),
        extrapolated: z.boolean().optional(),
      })
      .optional(),
    fingerprint: z
      .strictObject({
        hash: z
          .string()
          .regex(/^[0-9a-f]{16}$/)
          .describe('64 bits, alike for copies of a picture'),
        sharpness: z.number().min(0).describe('Of copies of a picture, the higher is the sharper one'),
        space: z.string().optional().describe('Only embeddings of one space can be compared'),
        embedding: z.string().optional().describe('A signed byte a dimension, in base64'),
      })
      .optional()
      .describe('If fingerprint'),
    likeness: z.number().min(-1).max(1).optional().describe('If like: the cosine of the two embeddings'),
    taggedAt: z.iso.datetime(),
  })
  .meta({ id: 'ImageRecord' });

export const imagesPage = z
  .strictObject({
    images: z.array(imageRecord).describe('At most limit; fewer, even none, are no sign of the end'),
    unreadable: z
      .array(z.strictObject({ id: text, fault: z.string() }))
      .optional()
      .describe('Records that may be answers and cannot be read, by the hash of their names'),
    cursor: z.string().optional().describe('Where to go on; absent on the last page'),
    unknownNames: z
      .array(z.strictObject({ name: text, similar: z.array(text) }))
      .optional()
      .describe(
        'On a first page: words in q that no tag is called and that were looked for in the names of files and folders, with tags that are spelled alike',
      ),
    plan: z
      .strictObject({
        accessPath: z.string().describe('What was read, in its order'),
        considered: z
          .array(z.strictObject({ accessPath: z.string(), entries: count }))
          .describe('About how long, up to a bound'),
        examined: count.describe('Entries that were looked at'),
        readUnits: z.number().min(0),
      })
      .optional()
      .describe('If explain'),
    compared: count.optional().describe('If like: images that it was compared with'),
    otherSpaces: count
      .optional()
      .describe('If like: images that it cannot be compared with, being tagged by another family or other weights'),
  })
  .meta({ id: 'ImagesPage' });

export const tagsPage = z
  .strictObject({
    tags: z.array(z.strictObject({ name: text, count })).describe('Most images first'),
    countedAt: z.iso.datetime(),
  })
  .meta({ id: 'TagsPage' });

export const monthsPage = z
  .strictObject({
    months: z
      .array(z.strictObject({ month: z.string().describe('Such as 2009-06'), count }))
      .describe('The latest first'),
    countedAt: z.iso.datetime(),
  })
  .meta({ id: 'MonthsPage' });

export const foldersQuery = z.strictObject({
  prefix: text.optional().describe('Only the folders directly below this one'),
});

export const foldersPage = z
  .strictObject({
    folders: z.array(z.strictObject({ folder: text, count })).describe('By name; images below them count'),
    countedAt: z.iso.datetime(),
  })
  .meta({ id: 'FoldersPage' });

export const statistics = z
  .strictObject({
    images: count,
    byOutcome: z.record(z.enum(OUTCOMES), count),
    byVariant: z.record(z.string(), count),
    latencyMs: z
      .strictObject({ p50: milliseconds, p90: milliseconds, p99: milliseconds, max: milliseconds })
      .optional(),
    budget: z.strictObject({ met: count, missed: count }),
  })
  .meta({ id: 'Statistics' });

export const problemDocument = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    column: z.int().min(1).optional().describe('Where an expression stops making sense'),
  })
  .meta({ id: 'Problem' });
