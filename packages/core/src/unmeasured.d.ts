/** From which confidence labels and broader tags are shown where nobody has measured thresholds. */
export declare const UNMEASURED_TAG_OPTIONS: {
    readonly minConfidence: 0.1;
    readonly minBroaderConfidence: 0.3;
};
