import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

export const PRICE_NAMES = [
  'lambda-x86_64-gb-seconds',
  'lambda-arm64-gb-seconds',
  'lambda-requests',
  'sqs-requests',
  's3-get-requests',
  's3-put-requests',
  'dynamodb-write-units',
  'dynamodb-read-units',
  'dynamodb-storage-gb-months',
  'dynamodb-recovery-gb-months',
  'cloudwatch-log-gb',
  'cloudwatch-log-gb-months',
  'cloudwatch-metric-months',
  'rekognition-images',
] as const;

export type PriceName = (typeof PRICE_NAMES)[number];

const price = z.strictObject({
  what: z.string(),
  /** Units that `dollars` buys. */
  per: z.number().positive(),
  /** Of a month, rising; `upTo` counts from the month's first unit, the last tier has none. */
  tiers: z
    .array(z.strictObject({ upTo: z.number().positive().optional(), dollars: z.number().positive() }))
    .min(1)
    .refine(
      (tiers) =>
        tiers.every(({ upTo }, i) =>
          i === tiers.length - 1 ? upTo === undefined : upTo !== undefined && upTo > (tiers[i - 1]?.upTo ?? 0),
        ),
      'must rise to a last one without a bound',
    ),
  /** The provider's own page. */
  source: z.url(),
  /** A public copy or account of that page which was read and says the same. */
  confirmedBy: z.url().optional(),
  /** What no page was found to confirm. */
  unconfirmed: z.string().optional(),
});

export const pricesSchema = z.strictObject({
  schemaVersion: z.literal(1),
  region: z.string(),
  currency: z.literal('USD'),
  /** ISO date. */
  readAt: z.iso.date(),
  prices: z.record(z.enum(PRICE_NAMES), price),
});

export type Prices = z.output<typeof pricesSchema>;
export type Price = z.output<typeof price>;

/**
 * The prices that are checked in.
 *
 * @throws {z.ZodError} if the file is malformed.
 */
export function loadPrices(): Prices {
  return pricesSchema.parse(JSON.parse(fs.readFileSync(path.join(import.meta.dirname, '../prices.json'), 'utf8')));
}

/**
 * US dollars for a month's units, tier by tier.
 *
 * @example
 * dollarsFor(loadPrices().prices['rekognition-images'], 2_000_000) // 1000 + 800
 */
export function dollarsFor({ per, tiers }: Price, quantity: number): number {
  let dollars = 0;
  let from = 0;
  for (const { upTo = Number.POSITIVE_INFINITY, dollars: each } of tiers) {
    if (quantity > from) dollars += ((Math.min(quantity, upTo) - from) / per) * each;
    from = upTo;
  }
  return dollars;
}
