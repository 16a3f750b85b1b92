import type { Variant } from '@tagmill/core';
import type { TagFigures } from '@tagmill/evaluation';
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
  shownTags: { precision?: number; rightCoverage: number; firstRight: number };
  sureTags?: { precision?: number; coverage: number };
  macro?: { precision: number; recall: number; tags: number };
  tags: TagFigures[];
  falseTags?: { share: number; sureShare?: number };
}

const shareOrNothing = (share?: number) => (share === undefined ? '' : percent(share));

/** What the catalogue doesn't hold, a row a variant. */
export function evaluationRows(evaluations: readonly Evaluation[]): string {
  const rows = evaluations
    .toSorted((a, b) => compareVariantNames(a.variant, b.variant))
    .map(({ variant, meanAveragePrecision, calibrationError, shownTags, sureTags, macro, falseTags }) => [
      variant,
      ...[meanAveragePrecision, calibrationError].map(percent),
      String(macro?.tags ?? ''),
      ...[
        ...[macro?.precision, macro?.recall, shownTags.precision, shownTags.rightCoverage, shownTags.firstRight],
        ...[sureTags?.precision, sureTags?.coverage, falseTags?.share, falseTags?.sureShare],
      ].map(shareOrNothing),
    ]);
  return markdownTable(
    [
      ...['variant', 'mean average precision', 'calibration error', 'tags that can be shown'],
      ...['their precision, mean', 'their recall, mean', 'shown tags right', 'photos with a right one'],
      ...['photos whose first is right', 'sure tags right', 'photos with a sure tag'],
      ...['others with a tag', 'others with a sure tag'],
    ],
    rows,
  );
}

/** The tags that a variant shows by default, the most common among people's photos first. */
export function tagRows({ tags }: Evaluation): string {
  const rows = tags
    .filter(({ shown }) => typeof shown === 'number')
    .toSorted((a, b) => b.prevalence! - a.prevalence! || b.averagePrecision - a.averagePrecision)
    .map(({ name, prevalence, shown, precision, recall, averagePrecision, positives, sure }) => [
      name,
      ...[prevalence, shown!, precision, recall].map(shareOrNothing),
      percent(averagePrecision),
      typeof sure === 'number' ? percent(sure) : 'never',
      String(positives),
    ]);
  return markdownTable(
    ['tag', 'photos that show it', 'shown from', 'right', 'found', 'average precision', 'sure from', 'photos'],
    rows,
  );
}
