export { type Calibration, calibrate, confidenceOf } from './calibration.ts';
export { fitDiscriminant } from './discriminant.ts';
export { type Expectation, meanLogRank, thresholdFor } from './expectation.ts';
export { type FitHead, type Head, scoreOf } from './head.ts';
export { type About, type AboutStored, storedTag, taughtTag } from './keep.ts';
export { type Example, fitLeavingOut, fitTo, type LeftOutScores, type Material, scoreLeftOut } from './left-out.ts';
export { fitLogistic } from './logistic.ts';
export type { Expected, TaughtTag } from './schema.ts';
export { EmbeddingSpace, loadSpace } from './space.ts';
export { findTaught, hasTaughtFolder, parseTagName, readTaught, removeTaught, writeTaught } from './taught-files.ts';
export { HeadsInSpace, type LeftOutTag, type TaughtHead, tagsFor } from './taught-tags.ts';
export {
  copiesAmong,
  DEFAULT_PREVALENCE,
  ENOUGH_EXAMPLES,
  type Method,
  PRECISION,
  type Taught,
  teach,
} from './teach.ts';
export { type Looking, mirrored, type SeenExample, viewExample } from './view-examples.ts';
