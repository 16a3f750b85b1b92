export const FORMATS = ['table', 'jsonl', 'csv'] as const;
export const STORED_FORMATS = [...FORMATS, 'parquet'] as const;
export const EXPORT_FORMATS = ['jsonl', 'csv', 'parquet', 'xmp'] as const;
/** digiKam and darktable look for `cat.jpg.xmp`, Adobe's programs for `cat.xmp`. */
export const SIDECAR_NAMES = ['appended', 'replaced'] as const;
export type Format = (typeof FORMATS)[number];
