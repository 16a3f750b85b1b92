export { Backlog, type BacklogOptions } from './backlog.ts';
export { Catalogue, type LoadCatalogueOptions, loadCatalogue, readJson } from './catalogue.ts';
export type { Source } from './decode-time.ts';
export { always, type Distribution, distributionOf, quantile, scaled, sumOf } from './distribution.ts';
export { byCost, LatencyModel, loadLatencyModel, type Prediction } from './latency-model.ts';
export { LatencyTracker, type Work } from './latency-tracker.ts';
export { thisMachine } from './machine.ts';
export { compareVariantNames, formatVariantName, parseVariantName, type VariantName } from './name.ts';
export {
  accuracy,
  type Choice,
  type ChoiceRequest,
  chooseConcurrency,
  chooseVariant,
  frontier,
  PROMISED_SHARE,
  SAFETY_MARGIN,
} from './policy.ts';
export {
  type LatencyProfile,
  loadProfiles,
  type Machine,
  nearestProfile,
  PROFILES,
  profileFileName,
  profileSchema,
  saveProfile,
} from './profile.ts';
export { RecentValues } from './recent-values.ts';
export {
  type Measurement,
  type NewVariant,
  recordMeasurement,
  recordThresholds,
  registerVariant,
} from './register.ts';
export { replaceFile } from './replace-file.ts';
export type { CatalogueEntry, ThresholdsFile } from './schema.ts';
export { type LintOptions, lintTaxonomy, TAXONOMY_FAULTS, type TaxonomyFault } from './taxonomy.ts';
