import { type Catalogue } from '@tagmill/variants/catalogue';
export interface LoadCatalogueOptions {
    /** More folders with a `catalogue.json`, such as the one that `tagmill models import` writes. */
    directories?: readonly string[];
}
/**
 * Reads the catalogue of the models inside this package, and of more folders if some are named.
 *
 * @throws {TagmillError} `invalid-catalogue` if one is malformed, or two of them describe the same variant.
 *
 * @example
 * const catalogue = await loadCatalogue();
 * catalogue.family('everyday').map(({ variant }) => variant); // ['everyday/0.75-160', …]
 */
export declare function loadCatalogue({ directories }?: LoadCatalogueOptions): Promise<Catalogue>;
/** The folders that a catalogue was read from. */
export declare function foldersOf(catalogue: Catalogue): readonly string[];
