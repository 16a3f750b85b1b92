export { type ChooseOptions, chooseBroaderRule, chooseThresholds } from './choose-thresholds.ts';
export { type Accuracy, type EvaluateVariantOptions, evaluateVariant } from './evaluate-variant.ts';
export { type FalseTags, falseTags, filesWithoutLabels } from './false-tags.ts';
export { type InferredPhotos, inferPhotos } from './infer-photos.ts';
export { type Guess, Judged } from './judged.ts';
export { type LabelledPhoto, type LabelledPhotos, readLabelledPhotos } from './labelled-photos.ts';
export { type LabelledImage, readPackedImages } from './packed-data-set.ts';
export { type AccuracyPlot, plotAccuracy } from './plot-accuracy.ts';
export type { TagFigures } from './tag-figures.ts';
