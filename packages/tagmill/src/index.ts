export {
  type BroaderTag,
  type ErrorCode,
  type ImageRecord,
  type MinConfidence,
  type Tag,
  TagmillError,
  type Variant,
} from '@tagmill/core';
export type { Catalogue } from '@tagmill/variants/catalogue';
export { type LoadCatalogueOptions, loadCatalogue } from './load-catalogue.ts';
export { type FileRecord, type ImageInput, type NamedImage, Tagger, type TaggerOptions } from './tagger.ts';
