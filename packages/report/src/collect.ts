import type { ChoiceReason, ImageRecord, Outcome } from '@tagmill/core';
import { makePostings } from '@tagmill/tag-store';

export const TIMED_STAGES = ['queue', 'fetch', 'decode', 'infer', 'store'] as const;

/** What a record says of one image, as far as the report needs it. */
interface Seen {
  /** Milliseconds since the epoch. */
  at: number;
  outcome: Outcome;
  variant: string | undefined;
  /** Absent where the image had no budget. */
  met: boolean | undefined;
}

export interface VariantFigures {
  images: number;
  /** Decoding and inference of each image, in milliseconds. */
  latenciesMs: number[];
  budgets: number;
  missed: number;
  reasons: Map<ChoiceReason, number>;
}

/** What the report is made of. Memory grows with the images: some hundred bytes each. */
export interface Figures {
  seen: Seen[];
  outcomes: Map<Outcome, number>;
  /** Of what was rejected or failed, most frequent first. */
  reasons: Map<string, number>;
  /** By stage and in total, in milliseconds. */
  stagesMs: Record<(typeof TIMED_STAGES)[number] | 'total', number[]>;
  variants: Map<string, VariantFigures>;
  /** Of DynamoDB, by what docs/decisions/08-table.md says of an image that is new. */
  writeUnits: number;
  storedBytes: number;
}

/** Adds records up as they come. */
export async function collectFigures(records: AsyncIterable<ImageRecord>): Promise<Figures> {
  const figures: Figures = {
    seen: [],
    outcomes: new Map(),
    reasons: new Map(),
    stagesMs: { queue: [], fetch: [], decode: [], infer: [], store: [], total: [] },
    variants: new Map(),
    writeUnits: 0,
    storedBytes: 0,
  };
  for await (const record of records) addRecord(figures, record);
  figures.reasons = new Map([...figures.reasons].sort(([, a], [, b]) => b - a));
  figures.seen.sort((a, b) => a.at - b.at);
  return figures;
}

function addRecord(figures: Figures, record: ImageRecord): void {
  const { outcome, reason, model, budget, timings, taggedAt } = record;
  figures.seen.push({ at: Date.parse(taggedAt), outcome, variant: model?.variant, met: budget?.met });
  count(figures.outcomes, outcome);
  if (reason) count(figures.reasons, `${outcome}: ${reason}`);
  if (timings) {
    for (const stage of [...TIMED_STAGES, 'total'] as const) {
      const milliseconds = timings[`${stage}Ms`];
      if (milliseconds !== undefined) figures.stagesMs[stage].push(milliseconds);
    }
  }
  if (model) addVariant(figures, record, model.variant);
  const stored = storedSize(record);
  figures.writeUnits += stored.writeUnits;
  figures.storedBytes += stored.bytes;
}

function addVariant({ variants }: Figures, { timings, budget }: ImageRecord, name: string): void {
  const figures: VariantFigures = variants.get(name) ?? {
    images: 0,
    latenciesMs: [],
    budgets: 0,
    missed: 0,
    reasons: new Map(),
  };
  variants.set(name, figures);
  figures.images++;
  if (timings) figures.latenciesMs.push(timings.decodeMs + timings.inferMs);
  if (!budget) return;
  figures.budgets++;
  if (!budget.met) figures.missed++;
  if (budget.reason) count(figures.reasons, budget.reason);
}

/** A posting or an index entry, and an image's item: docs/decisions/08-table.md. */
const ENTRY_BYTES = 320;
const ITEM_BYTES = 1000;

/** Record, index entry and postings of an image that is new. */
function storedSize(record: ImageRecord): { writeUnits: number; bytes: number } {
  const entries = 1 + makePostings(record).length;
  return { writeUnits: 1 + entries, bytes: ITEM_BYTES + ENTRY_BYTES * entries };
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
