import { describe, expect, test } from '@jest/globals';
import type { Label } from '@tagmill/core';
import fc from 'fast-check';
import { hashRules, listBroaderSynonyms, NO_RULES, nameLabels, type Rules } from '../src/index.ts';
import { parseRules } from '../src/parse-rules.ts';

const label = (index: number, name: string, ...parents: string[]): Label => ({ index, name, synonyms: [], parents });
const labels = [label(0, 'collie', 'dog', 'animal'), label(1, 'tabby', 'cat', 'animal'), label(2, 'lemon', 'fruit')];

const parse = (text: string) => parseRules(text, { file: 'rules.yaml', labels }).rules;

describe('a rules.yaml', () => {
  test('says what becomes of tags', () => {
    const text = `
# Ours
minConfidence: 0.2
tags:
  Collie: { minConfidence: 0.4, rename: sheepdog }
  dog:
    synonyms: [hound]
    parents: [companion]
  lemon: { hidden: true }
`;
    expect(parse(text)).toEqual({
      minConfidence: 0.2,
      tags: {
        Collie: { minConfidence: 0.4, rename: 'sheepdog' },
        dog: { synonyms: ['hound'], parents: ['companion'] },
        lemon: { hidden: true },
      },
    });
  });

  test.each(['', '# nothing yet\n', '{}', 'tags: {}'])('may say nothing: %j', (text) => {
    expect(parse(text)).toEqual(NO_RULES);
  });

  test.each([
    ['tags:\n  colie: { hidden: true }', /^rules.yaml:2:3: no label set knows "colie"; the nearest name is collie$/],
    [
      'tags:\n  dog: { mincConfidence: 1 }',
      /^rules.yaml:2:10: tags.dog.mincConfidence: .*of a tag: minConfidence, rename/,
    ],
    ['tags:\n  dog:\n    minConfidence: 40', /^rules.yaml:3:5: tags.dog.minConfidence: .*<=1/],
    ['tags:\n  dog:\n    synonyms: [a, " b"]', /^rules.yaml:3:19: tags.dog.synonyms.1: is no name/],
    ['tags:\n  constructor: {}', /^rules.yaml:2:3: no label set knows "constructor"/],
    ['tags:\n  dog: {}\n  Dog: {}', /^rules.yaml:3:3: Dog is there twice/],
    ['tags:\n  dog: {}\n  dog: {}', /^rules.yaml:3:3: Map keys must be unique/],
    ['tags: [dog', /^rules.yaml:1:11: /],
    // Bytes, with a hundred methods that would all be unknown keys.
    ['!!binary AAAA', /^rules.yaml:1:\d+: 0: Unrecognized key; there are: .{0,150}$/],
    ['- dog', /^rules.yaml:1:3: 0: Unrecognized key; there are: minConfidence/],
    ['tags: { ? [a] : {} }', /^rules.yaml:1:\d+: /],
    [`a: &a [x, x]\nb: &b [*a, *a]\nc: &c [${'*b, '.repeat(60)}]\nd: [${'*c, '.repeat(60)}]`, /^rules.yaml:1:1: /],
    ['tags:\n  dog: { parents: [Dog] }', /^rules.yaml:2:3: above itself: dog < Dog$/],
    [
      'tags:\n  lemon: { parents: [animal] }\n  animal: { parents: [dog] }',
      /^rules.yaml:3:3: above itself: animal < dog < animal$/,
    ],
    [
      'tags:\n  dog: { parents: [pet] }\n  cat: { parents: [dog] }\n  fruit: { parents: [cat] }\n  Animal: { parents: [fruit] }',
      /^rules.yaml:2:3: above itself: dog < animal < fruit < cat < dog$/,
    ],
    ['tags:\n  dog: { parents: [collie] }', /^rules.yaml:2:3: above itself: dog < collie < dog$/],
    ['tags:\n  dog: { rename: hound, parents: [hound] }', /^rules.yaml:2:3: above itself: dog < dog$/],
    [`# ${'x'.repeat(100_000)}`, /^rules.yaml: larger than 100000 bytes/],
  ])('that makes no sense is refused where it stops making any: %j', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});

describe('rules over labels', () => {
  const named = (rules: Rules) => nameLabels(labels, rules);

  test('rename a label, which its old name still finds', () => {
    expect(named({ tags: { COLLIE: { rename: 'sheepdog' } } }).labels[0]).toEqual({
      index: 0,
      name: 'sheepdog',
      synonyms: ['collie'],
      parents: ['dog', 'animal'],
    });
  });

  test('rename a broader tag wherever it stands', () => {
    const rules = { tags: { animal: { rename: 'creature', synonyms: ['beast'] } } };
    expect(named(rules).labels.map(({ parents }) => parents)).toEqual([
      ['dog', 'creature'],
      ['cat', 'creature'],
      ['fruit'],
    ]);
    expect(listBroaderSynonyms(labels, rules)).toEqual([
      ['beast', 'creature'],
      ['animal', 'creature'],
    ]);
  });

  test('add parents to a label, and to all below a broader tag; those bring theirs', () => {
    const rules = {
      tags: {
        dog: { parents: ['companion'] },
        companion: { parents: ['friend', 'dog'] },
        tabby: { parents: ['companion'] },
      },
    };
    expect(named(rules).labels.map(({ parents }) => parents)).toEqual([
      ['dog', 'animal', 'companion', 'friend'],
      ['cat', 'animal', 'companion', 'friend', 'dog'],
      ['fruit'],
    ]);
  });

  test('hide a label by a threshold that it cannot reach, and a broader tag everywhere', () => {
    const { labels: shown, thresholds } = named({ tags: { lemon: { hidden: true }, animal: { hidden: true } } });
    expect(shown.map(({ parents }) => parents)).toEqual([['dog'], ['cat'], ['fruit']]);
    expect(thresholds.get('lemon')).toBeGreaterThan(1);
    expect(thresholds.get('animal')).toBeGreaterThan(1);
  });

  test('hold thresholds under the names of afterwards', () => {
    const { thresholds } = named({ tags: { dog: { minConfidence: 0.7, rename: 'hound' } } });
    expect([...thresholds]).toEqual([['hound', 0.7]]);
  });

  test('leave other thresholds as they are, and come before them', () => {
    const leastOf = (name: string) => (name === 'lemon' ? null : 0.6);
    const rules = {
      minBroaderConfidence: 0.2,
      tags: { collie: { rename: 'sheepdog' }, tabby: { minConfidence: 0.1 } },
    };
    const { thresholds } = nameLabels(labels, rules, leastOf);
    expect(Object.fromEntries(thresholds)).toMatchObject({ sheepdog: 0.6, tabby: 0.1, dog: 0.2 });
    expect(thresholds.get('lemon')).toBeGreaterThan(1);
  });

  test('know what stands above a broader tag: what does in all labels below it', () => {
    const more = [...labels, { index: 3, name: 'dingo', synonyms: [], parents: ['dog', 'wildlife', 'animal'] }];
    const { above } = nameLabels(more, { tags: { animal: { rename: 'creature' } } });
    expect(Object.fromEntries(above)).toMatchObject({ dog: ['creature'], wildlife: ['creature'], creature: [] });
  });

  test('that say nothing change nothing', () => {
    expect(named(NO_RULES)).toMatchObject({ labels, thresholds: new Map() });
  });
});

describe('the version of rules', () => {
  const rules = fc.record(
    {
      minConfidence: fc.double({ min: 0, max: 1, noNaN: true }),
      tags: fc.dictionary(fc.constantFrom('dog', 'cat', 'lemon'), fc.record({ hidden: fc.boolean() }), {
        noNullPrototype: true,
      }),
    },
    { requiredKeys: ['tags'], noNullPrototype: true },
  );

  test('is the same for the same rules in any order, and another for others', () => {
    fc.assert(
      fc.property(rules, rules, (a, b) => {
        const reversed = Object.fromEntries(Object.entries(a).reverse()) as Rules;
        expect(hashRules(reversed)).toBe(hashRules(a));
        expect(hashRules(a) === hashRules(b)).toBe(JSON.stringify(canonical(a)) === JSON.stringify(canonical(b)));
      }),
    );
  });

  function canonical({ minConfidence, tags }: Rules) {
    return [minConfidence, Object.entries(tags).sort(([x], [y]) => (x < y ? -1 : 1))];
  }
});
