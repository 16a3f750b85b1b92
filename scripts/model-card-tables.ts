import type { Variant } from '@tagmill/core';
import { compareVariantNames } from '@tagmill/variants';

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

/** Puts a table between the comments `<!-- NAME -->` and `<!-- /NAME -->`. */
export function replaceTable(page: string, name: string, table: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [before, rest] = page.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`The page has no ${start} … ${end}`);
  return `${before}${start}\n${table}\n${end}${after}`;
}

/** The catalogue's figures, a row a variant. */
export function variantRows(variants: readonly Variant[]): string {
  const rows = variants
    .toSorted((a, b) => compareVariantNames(a.variant, b.variant))
    .map(({ variant, top1, top5, multAdds, parameters, sizeBytes }) => [
      variant,
      ...[top1, top5].map((share) => (share === undefined ? 'not measured' : percent(share))),
      (multAdds / 1e6).toFixed(1),
      (parameters / 1e6).toFixed(2),
      (sizeBytes / 1e6).toFixed(1),
    ]);
  return markdownTable(['variant', 'top-1', 'top-5', 'M mult-adds', 'M parameters', 'MB'], rows);
}

/** Of what `tagmill models eval --json` says of a variant, as fractions. */
export interface Evaluation {
  variant: string;
  top1: number;
  top1Margin: number;
  meanAveragePrecision: number;
  calibrationError: number;
  shownTags: { precision?: number; rightCoverage: number };
  sureTags?: { precision?: number; coverage: number };
  falseTags?: { share: number; sureShare?: number };
}

/** What the catalogue doesn't hold, a row a variant. */
export function evaluationRows(evaluations: readonly Evaluation[]): string {
  const rows = evaluations
    .toSorted((a, b) => compareVariantNames(a.variant, b.variant))
    .map(({ variant, meanAveragePrecision, calibrationError, shownTags, sureTags, falseTags }) => [
      variant,
      ...[
        ...[meanAveragePrecision, calibrationError, shownTags.precision, shownTags.rightCoverage],
        ...[sureTags?.precision, sureTags?.coverage],
        ...[falseTags?.share, falseTags?.sureShare],
      ].map((share) => (share === undefined ? '' : percent(share))),
    ]);
  const validation = ['mean average precision', 'calibration error', 'shown tags right', 'images with a right one'];
  const sure = ['sure tags right', 'images with a sure tag'];
  return markdownTable(['variant', ...validation, ...sure, 'others with a tag', 'others with a sure tag'], rows);
}
