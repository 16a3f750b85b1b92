import type { ImageRecord } from '@tagmill/core';
import fc from 'fast-check';
import { tag } from './records.ts';

/** An expression that knows how it is written, and whether a record matches it: plainly, without parser, index or cursor. */
export interface RandomExpression {
  text: string;
  /** @param limits what the names must reach. */
  matches(record: ImageRecord, limits: readonly Limit[]): boolean;
  /** Whether a name stands in it, outside of `not`. */
  hasName: boolean;
  /** Set if it is a comparison of confidence. */
  limit?: Limit;
}

type Limit = (confidence: number) => boolean;

const NAMES = ['dog', 'Collie', 'cat', 'goldfish', 'gold ring', 'and', 'tabby'];
const PARENTS: Record<string, string[]> = { Collie: ['dog', 'animal'], tabby: ['cat', 'animal'], goldfish: ['animal'] };
/** Everything that a record can be found by. */
export const TAG_KEYS = [...NAMES, 'animal', 'jewellery'].map((name) => name.toLowerCase());

/** Names below names, as the table lists them. */
export const PAIRS = Object.entries(PARENTS).flatMap(([name, parents]) =>
  parents.map((above) => ({ above, below: name.toLowerCase() })),
);

export const SYNONYMS = new Map([
  ['hound', ['dog']],
  ['carassius', ['goldfish']],
  ['goldie', ['Collie', 'gold ring']],
]);

/** In the ten-thousandths that are stored, from few values, so that ties and bounds are met. */
const confidence = fc.constantFrom(0, 0.0001, 0.25, 0.3333, 0.5, 0.5001, 0.9, 1);
const time = fc.constantFrom(
  '2025-12-31T23:59:59',
  '2026-01-01T00:00:00',
  '2026-01-01T12:30:00',
  '2026-06-15T10:00:00',
);

/** Records of a few images, with what postings, ties and missing facts can do. */
export const randomRecord: fc.Arbitrary<Omit<ImageRecord, 'image'> & { takenAt?: string }> = fc
  .record({
    tags: fc.uniqueArray(fc.tuple(fc.constantFrom(...NAMES), confidence), {
      selector: ([name]) => name,
      maxLength: 3,
      size: 'max',
    }),
    broader: fc.uniqueArray(fc.record({ name: fc.constantFrom('animal', 'cat', 'jewellery'), confidence }), {
      selector: ({ name }) => name,
      maxLength: 2,
    }),
    variant: fc.constantFrom('everyday/0.5-128', 'everyday/0.5-96-int8', undefined),
    taken: fc.option(time),
    tagged: time,
    untagged: fc.constantFrom('rejected' as const, 'failed' as const),
  })
  .map(({ tags, broader, variant, taken, tagged, untagged }) => ({
    schemaVersion: 1,
    tags: tags
      .map(([name, value]) => tag(name, value, ...(PARENTS[name] ?? [])))
      .sort((a, b) => b.confidence - a.confidence),
    broader: variant ? broader : [],
    outcome: tags.length > 0 ? 'tagged' : variant ? 'empty' : untagged,
    ...(variant && { model: { variant } as NonNullable<ImageRecord['model']> }),
    ...(taken && { takenAt: `${taken}+02:00` }),
    taggedAt: `${tagged}.000Z`,
  }));

/** The names that a record is found by, in lower case. */
function listNames({ tags, broader }: ImageRecord): Map<string, number> {
  const names = new Map<string, number>();
  for (const { name, confidence } of tags) {
    for (const parent of PARENTS[name] ?? []) names.set(parent, (names.get(parent) ?? 0) + confidence);
  }
  for (const [name, sum] of names) names.set(name, Math.min(1, sum));
  for (const { name, confidence } of [...broader, ...tags]) names.set(name.toLowerCase(), confidence);
  return new Map([...names].map(([name, value]) => [name, Math.round(value * 1e4) / 1e4]));
}

function named(text: string, isIt: (name: string) => boolean): RandomExpression {
  const meant = [...SYNONYMS]
    .filter(([synonym]) => isIt(synonym))
    .flatMap(([, names]) => names.map((name) => name.toLowerCase()));
  return {
    text,
    hasName: true,
    matches: (record, limits) =>
      [...listNames(record)].some(
        ([name, value]) => (isIt(name) || meant.includes(name)) && limits.every((limit) => limit(value)),
      ),
  };
}

const compare = {
  '>': (a: number | string, b: number | string) => a > b,
  '>=': (a: number | string, b: number | string) => a >= b,
  '<': (a: number | string, b: number | string) => a < b,
  '<=': (a: number | string, b: number | string) => a <= b,
  ':': (a: number | string, b: number | string) => a === b,
};
const comparison = fc.constantFrom('>' as const, '>=' as const, '<' as const, '<=' as const);

const leaf: fc.Arbitrary<RandomExpression> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .constantFrom(
        'dog',
        'DOG',
        'collie',
        'cat',
        'animal',
        'jewellery',
        'hound',
        'nothing',
        '"and"',
        '"gold ring"',
        '"GOLDFISH"',
      )
      .map((text) => {
        const name = text.replaceAll('"', '').toLowerCase();
        return named(text, (each) => each === name);
      }),
  },
  fc.constantFrom('gold', '"gold r"', 'c', 'zzz', 'Hou').map((text) => {
    const prefix = text.replaceAll('"', '').toLowerCase();
    return named(`${text}*`, (each) => each.startsWith(prefix));
  }),
  fc
    .tuple(comparison, fc.constantFrom('0', '0.25', '0.3333', '0.5', '0.50005', '0.9', '1'))
    .map(([operator, value]) => {
      const limit: Limit = (each) => compare[operator](each, Number(value));
      const surest = (record: ImageRecord) => Math.max(...listNames(record).values());
      return {
        text: `confidence ${operator}${value}`,
        hasName: false,
        limit,
        matches: (record: ImageRecord, limits: readonly Limit[]) =>
          listNames(record).size > 0 && [...limits, limit].every((each) => each(surest(record))),
      };
    }),
  fc.constantFrom('jp', '1', '"1 jpg"').map((text) => ({
    text,
    hasName: false,
    matches: ({ image }: ImageRecord) => {
      const words = (image as { key: string }).key.split('.');
      return text.startsWith('"')
        ? words[0]!.endsWith('1') && words[0]!.length === 1
        : words.some((word) => word.startsWith(text));
    },
  })),
  fc.constantFrom('tagged', 'empty', 'rejected', 'failed').map((outcome) => ({
    text: `outcome:${outcome}`,
    hasName: false,
    matches: (record: ImageRecord) => record.outcome === outcome,
  })),
  fc
    .constantFrom<[string, RegExp]>(
      ['everyday/*', /^everyday\//],
      ['*-int8', /-int8$/],
      ['*0.5*8', /0\.5.*8$/],
      ['imagenet/*', /^imagenet/],
      ['Everyday/0.5-128', /0\.5-128$/],
    )
    .map(([glob, pattern]) => ({
      text: `variant:${glob}`,
      hasName: false,
      matches: ({ model }: ImageRecord) => model !== undefined && pattern.test(model.variant),
    })),
  fc
    .tuple(
      fc.constantFrom('taken' as const, 'tagged' as const),
      fc.constantFrom('>' as const, '>=' as const, '<' as const, '<=' as const, ':' as const),
      fc.constantFrom('2025', '2026', '2026-01', '2026-01-01', '2026-01-01T12:30', '2026-06-15T10:00:00'),
    )
    .map(([field, operator, date]) => ({
      text: `${field}${operator}${date}`,
      hasName: false,
      matches: (record: ImageRecord) => {
        const at = field === 'tagged' ? record.taggedAt : (record.image as { takenAt?: string }).takenAt;
        return at !== undefined && compare[operator](at.slice(0, date.length), date);
      },
    })),
);

export const { expression: randomExpression } = fc.letrec<{ expression: RandomExpression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.tuple(tie('expression'), fc.constantFrom('not ', '-')).map(([inner, not]) => ({
      text: `${not}(${inner.text})`,
      hasName: false,
      matches: (record: ImageRecord) => !inner.matches(record, []),
    })),
    fc.array(tie('expression'), { minLength: 2, maxLength: 3 }).map((terms) => ({
      text: terms.map(({ text }) => (/ or /.test(text) ? text : `(${text})`)).join(' or '),
      hasName: terms.some(({ hasName }) => hasName),
      matches: (record: ImageRecord, limits: readonly Limit[]) => terms.some((term) => term.matches(record, limits)),
    })),
    fc
      .tuple(fc.array(tie('expression'), { minLength: 2, maxLength: 3 }), fc.constantFrom(' and ', ' '))
      .map(([terms, and]) => conjunction(terms, and)),
  ),
}));

function conjunction(terms: RandomExpression[], and: string): RandomExpression {
  const others = terms.filter(({ limit }) => !limit);
  const own = terms.flatMap(({ limit }) => limit ?? []);
  const [first] = terms.filter(({ limit }) => limit);
  const hasName = others.some((term) => term.hasName);
  return {
    text: terms.map(({ text }) => `(${text})`).join(and),
    hasName,
    matches: (record, inherited) => {
      const limits = [...inherited, ...own];
      return (
        others.every((term) => term.matches(record, limits)) && (hasName || !first || first.matches(record, limits))
      );
    },
  };
}
