import { type Label } from '@tagmill/core';
import { type CatalogueEntry, type ThresholdsFile } from './schema.ts';
export interface NewVariant extends Omit<CatalogueEntry, 'file' | 'sha256' | 'sizeBytes' | 'thresholds'> {
    model: Uint8Array;
    labelSet: readonly Label[];
}
/**
 * Adds a model to the catalogue in `directory`, which is made if need be, or replaces the one of the same name. Each file
 * is written beside its place and renamed into it, the catalogue last: whenever it is interrupted, the catalogue is whole.
 *
 * @returns the new entry.
 * @throws {TagmillError} `invalid-catalogue` if the folder's catalogue is malformed; `invalid-argument` if the label set's name
 * stands for other labels there, which other variants use.
 */
export declare function registerVariant(directory: string, { model, labelSet, ...card }: NewVariant): Promise<CatalogueEntry>;
/** What is measured of a variant once it is there. */
export type Measurement = Partial<Pick<CatalogueEntry, 'top1' | 'top5' | 'measuredOn'>>;
/**
 * Writes what was measured of a variant into the catalogue in `directory`; undefined takes a figure out.
 *
 * @throws {TagmillError} `unknown-variant` if that catalogue doesn't hold it.
 */
export declare function recordMeasurement(directory: string, name: string, measurement: Measurement): Promise<void>;
/**
 * Writes a variant's thresholds into the catalogue in `directory`, a line a tag.
 *
 * @throws {TagmillError} `unknown-variant` if that catalogue doesn't hold it.
 */
export declare function recordThresholds(directory: string, name: string, { tags, ...about }: Omit<ThresholdsFile, 'schemaVersion'>): Promise<void>;
