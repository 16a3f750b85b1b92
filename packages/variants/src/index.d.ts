export { Catalogue, type LoadCatalogueOptions, loadCatalogue, readJson } from './catalogue.ts';
export { compareVariantNames, formatVariantName, parsePrecision, parseVariantName, type VariantName } from './name.ts';
export { type Measurement, type NewVariant, recordMeasurement, recordThresholds, registerVariant, } from './register.ts';
export { replaceFile } from './replace-file.ts';
export type { CatalogueEntry, ThresholdsFile } from './schema.ts';
export { type LintOptions, lintTaxonomy, TAXONOMY_FAULTS, type TaxonomyFault } from './taxonomy.ts';
