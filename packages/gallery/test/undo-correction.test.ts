import { expect, test } from '@jest/globals';
import { mergeCorrection } from '../../tag-store/src/corrections.ts';
import { undoOf } from '../page/undo-correction.ts';

type Names = { added?: string[]; removed?: string[] };
const said = ({ added = [], removed = [] }: Names) => ({
  tags: added.map((name) => ({ name, confidence: 1, parents: [], by: 'person' as const })),
  removed,
});

test.each<[string, Names, Names, object | undefined]>([
  ['an addition', {}, { added: ['dog'] }, { add: [], remove: [], forget: ['dog'] }],
  ['a removal', {}, { removed: ['dog'] }, { add: [], remove: [], forget: ['dog'] }],
  ['a change of mind', { removed: ['dog'] }, { added: ['dog'] }, { add: [], remove: ['dog'], forget: [] }],
  [
    'what took a tag below with it',
    { added: ['pug'] },
    { removed: ['dog'] },
    { add: ['pug'], remove: [], forget: ['dog'] },
  ],
  ['forgetting', { added: ['a'], removed: ['b'] }, {}, { add: ['a'], remove: ['b'], forget: [] }],
  ['nothing', { added: ['a'] }, { added: ['a'] }, undefined],
])('%s is taken back', (_, before, after, expected) => {
  const undo = undoOf(said(before), said(after));
  expect(undo).toEqual(expected);
  if (!undo) return;
  // What the table does with it leads back to what was said before.
  const tags = (names: string[]) => names.map((name) => ({ name, parents: name === 'pug' ? ['dog'] : [] }));
  const merged = mergeCorrection(
    { sha256: 'x', added: tags(after.added ?? []), removed: tags(after.removed ?? []) },
    { add: tags(undo.add), remove: tags(undo.remove), forget: undo.forget },
  );
  expect([merged.added, merged.removed].map((list) => list.map(({ name }) => name).sort())).toEqual(
    [before.added ?? [], before.removed ?? []].map((names) => names.toSorted()),
  );
});
