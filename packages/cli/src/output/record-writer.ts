import type { ImageRecord } from '@tagmill/core';

/** Writes records one by one; a table needs all of them to set its columns. */
export interface RecordWriter {
  write(record: ImageRecord): string;
  end(): string;
}

export interface RecordWriterOptions {
  /** A table shows how long each image took. */
  timings?: boolean;
  /** A table shows which variant was chosen. */
  hasBudget?: boolean;
  /** It goes to a file: without colours. */
  toFile?: boolean;
  /** CSV that Excel opens as UTF-8, and in which it takes no text for a formula. */
  excel?: boolean | undefined;
}

/** What names the image for a person. */
export function nameOf(image: ImageRecord['image']): string {
  return 'path' in image ? image.path : `${image.bucket}/${image.key}`;
}
