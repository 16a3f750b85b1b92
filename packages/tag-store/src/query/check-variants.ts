import { TagmillError } from '@tagmill/core';
import type { Expression } from '../expression/expression.ts';
import { fitsVariant } from '../expression/matches.ts';
import { readTagStatistics } from '../tag-statistics.ts';
import type { TagStoreOptions } from '../types.ts';

/**
 * Holds what an expression asks of variants against those that there are: the known ones, and only if none of them fits, those that
 * images in the table were tagged with, which the whole index has to be read for.
 *
 * @throws {TagmillError} `invalid-argument` if no variant fits, with those that there are.
 */
export async function checkVariants(
  expression: Expression,
  { known, table }: { known: readonly string[]; table: TagStoreOptions },
): Promise<void> {
  for (const glob of globsOf(expression)) {
    const fits = (variant: string) => fitsVariant(variant, glob);
    if (/^\*+$/.test(glob) || known.some(fits)) continue;
    const recorded = Object.keys((await readTagStatistics(table)).byVariant);
    if (recorded.some(fits)) continue;
    const all = [...new Set([...known, ...recorded])].sort();
    throw new TagmillError('invalid-argument', `Unknown variant ${glob}; there are: ${all.join(', ')}`);
  }
}

function globsOf(expression: Expression): string[] {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return expression.terms.flatMap(globsOf);
    case 'not':
      return globsOf(expression.term);
    case 'variant':
      return [expression.glob];
    default:
      return [];
  }
}
