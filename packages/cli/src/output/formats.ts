import path from 'node:path';

export const FORMATS = ['table', 'jsonl', 'csv'] as const;
export const STORED_FORMATS = [...FORMATS, 'parquet'] as const;
export const EXPORT_FORMATS = ['jsonl', 'csv', 'parquet', 'xmp'] as const;
/** digiKam and darktable look for `cat.jpg.xmp`, Adobe's programs for `cat.xmp`. */
export const SIDECAR_NAMES = ['appended', 'replaced'] as const;
export type Format = (typeof FORMATS)[number];

const BY_EXTENSION: Readonly<Record<string, (typeof STORED_FORMATS)[number]>> = {
  '.csv': 'csv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.parquet': 'parquet',
};

/** The format that a file's name asks for, if it is among those that are allowed. */
export function formatOfName<Allowed extends string>(
  file: string | undefined,
  allowed: readonly Allowed[],
): Allowed | undefined {
  const format = BY_EXTENSION[path.extname(file ?? '').toLowerCase()];
  return allowed.find((each) => each === format);
}

/** Options with the format that was asked for, or else the one that the output's name asks for. */
export function withFormat<Options extends { format?: Allowed; output?: string }, Allowed extends string>(
  options: Options,
  allowed: readonly Allowed[],
  otherwise: Allowed,
): Options & { format: Allowed } {
  return { ...options, format: options.format ?? formatOfName(options.output, allowed) ?? otherwise };
}
