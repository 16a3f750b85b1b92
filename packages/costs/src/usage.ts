import { MEMORY_OF_A_VCPU_MB } from '@tagmill/core';
import type { PriceName } from './prices.ts';

/** What an image goes through, in that order; `keep` is a month of its record and tags in the table. */
export const STAGES = ['queue', 'fetch', 'decode', 'infer', 'store', 'overhead', 'logs', 'keep'] as const;

export type Stage = (typeof STAGES)[number];

/** Some units of a price, bought in a stage. */
export interface Usage {
  stage: Stage;
  price: PriceName;
  quantity: number;
}

export interface FunctionSize {
  memoryMb: number;
  architecture: 'x86_64' | 'arm64';
}

/** vCPUs, or the part of one, that a function's memory buys. */
export function vcpus({ memoryMb }: Pick<FunctionSize, 'memoryMb'>): number {
  return memoryMb / MEMORY_OF_A_VCPU_MB;
}

export interface SharedFunction {
  /** Processor time of an image on one whole vCPU. */
  cpuMs: number;
  /** Waiting for S3 and DynamoDB. */
  waitMs: number;
  vcpus: number;
  /** Images that a function works on at once. */
  inFlight: number;
}

/**
 * Milliseconds of a busy function that one image takes, when several share it: no less than its processor time, and no less
 * than its whole time over those in flight. These are the two asymptotic bounds of a closed queueing network (Denning and
 * Buzen, "The Operational Analysis of Queueing Network Models", 1978); between them a real function lies a little above.
 */
export function billedMs({ cpuMs, waitMs, vcpus, inFlight }: SharedFunction): number {
  const oneThread = cpuMs / Math.min(1, vcpus);
  return Math.max(cpuMs / vcpus, (oneThread + waitMs) / inFlight);
}

/** What was measured of images, on average. */
export interface ImageWork extends FunctionSize {
  /** Of the function, by stage, in milliseconds. */
  stagesMs: Partial<Record<'fetch' | 'decode' | 'infer' | 'store' | 'overhead', number>>;
  /** Images that come with one invocation. */
  imagesPerBatch: number;
  /** How the queue heard of it: by S3's notification, or from a listing of the bucket. */
  origin: 'notification' | 'backfill';
  /** Of DynamoDB, indexes included. */
  writeUnits: number;
  /** What the table keeps of it, in bytes, indexes included. */
  storedBytes: number;
}

/** What a typical photo, of two or three tags, writes and keeps: docs/decisions/08-table.md measured it. */
export const TYPICAL_STORAGE = { writeUnits: 4, storedBytes: 1900 } as const;

/** A message that is sent, received and deleted; the last two come by batches of ten at most. */
const SQS_BATCH = 10;
/** Keys that one listing of a bucket gives. */
const KEYS_PER_LIST = 1000;
/** Looking up what the table says of an image before it is tagged: a consistent read of up to 4 kB. */
const READ_UNITS = 1;
/** The metrics' document and Lambda's own three lines, and what each image adds: as functions/tag-images writes them. */
const LOG_BYTES = { batch: 1650, image: 55 };
const GB = 1e9;

/** Metrics of the function's own, whatever the traffic: each is paid by the month. */
export const CUSTOM_METRICS = 18;

/** Everything that one image makes AWS count. */
export function imageUsage(work: ImageWork): Usage[] {
  const { stagesMs, imagesPerBatch, origin, writeUnits, storedBytes, memoryMb, architecture } = work;
  const perReceive = Math.min(imagesPerBatch, SQS_BATCH);
  const sends = origin === 'backfill' ? 1 / SQS_BATCH : 1;
  const time = Object.entries(stagesMs).map(([stage, ms]) => ({
    stage: stage as Stage,
    price: `lambda-${architecture}-gb-seconds` as const,
    quantity: (ms / 1000) * (memoryMb / 1024),
  }));
  const logBytes = LOG_BYTES.batch / imagesPerBatch + LOG_BYTES.image;
  return [
    { stage: 'queue', price: 'sqs-requests', quantity: sends + 2 / perReceive },
    ...(origin === 'backfill'
      ? [{ stage: 'queue', price: 's3-put-requests', quantity: 1 / KEYS_PER_LIST } as const]
      : []),
    { stage: 'fetch', price: 's3-get-requests', quantity: 1 },
    ...time,
    { stage: 'store', price: 'dynamodb-write-units', quantity: writeUnits },
    { stage: 'store', price: 'dynamodb-read-units', quantity: READ_UNITS },
    { stage: 'overhead', price: 'lambda-requests', quantity: 1 / imagesPerBatch },
    { stage: 'logs', price: 'cloudwatch-log-gb', quantity: logBytes / GB },
    // For a month; they are compressed, by how much isn't said.
    { stage: 'logs', price: 'cloudwatch-log-gb-months', quantity: logBytes / GB },
    { stage: 'keep', price: 'dynamodb-storage-gb-months', quantity: storedBytes / GB },
    { stage: 'keep', price: 'dynamodb-recovery-gb-months', quantity: storedBytes / GB },
  ];
}
