import { expect, test } from '@jest/globals';
import { unknownLicences } from '../../scripts/licences.ts';

const component = (name: string, ...licences: string[]) => ({
  name,
  version: '1.0.0',
  licenses: licences.map((id) => (id.includes(' ') ? { expression: id } : { license: { id } })),
});

test('a licence that asks for no more than a notice is let in, whoever comes with it', () => {
  const components = [component('a', 'MIT'), component('b', 'ISC', 'Apache-2.0'), component('c', 'MIT OR Apache-2.0')];
  expect(unknownLicences({ components })).toEqual([]);
});

test('any other is only for the packages that were looked at', () => {
  const components = [
    component('libheif-js', 'LGPL-3.0'),
    component('libheif-js-2', 'LGPL-3.0'),
    component('libheif-js', 'GPL-3.0'),
    component('@img/sharp-libvips-linux-x64', 'LGPL-3.0-or-later'),
    component('strange', 'MIT', 'SSPL-1.0'),
    component('odd', 'MIT AND GPL-2.0'),
  ];
  expect(unknownLicences({ components })).toEqual([
    'libheif-js-2@1.0.0: LGPL-3.0',
    'libheif-js@1.0.0: GPL-3.0',
    'odd@1.0.0: MIT AND GPL-2.0',
    'strange@1.0.0: SSPL-1.0',
  ]);
});

test('none at all, or one that has only a name, is not let in', () => {
  const named = { name: 'b', version: '2.0.0', licenses: [{ license: { name: 'Custom' } }] };
  expect(unknownLicences({ components: [{ name: 'a', version: '1.0.0' }, named] })).toEqual([
    'a@1.0.0: none',
    'b@2.0.0: none',
  ]);
});
