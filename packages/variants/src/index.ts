export { Catalogue, type LoadCatalogueOptions, loadCatalogue } from './catalogue.ts';
export { formatVariantName, parseVariantName, type VariantName } from './name.ts';
export { type Accuracy, type NewVariant, recordAccuracy, registerVariant } from './register.ts';
export type { CatalogueEntry } from './schema.ts';
