/** From which confidence labels and broader tags are shown where nobody has measured thresholds. */
export const UNMEASURED_TAG_OPTIONS = { minConfidence: 0.1, minBroaderConfidence: 0.3 } as const;
